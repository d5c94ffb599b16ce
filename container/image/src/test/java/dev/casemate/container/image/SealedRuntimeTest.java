package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Programs that run on the runtimes themselves, without a container around them.
final class SealedRuntimeTest {

    /// Held by an option of Java alone, or by the container alone.
    private static final Set<String> BY_OPTION = Set.of("deserialise");

    private static final Set<String> BY_CONTAINER = Set.of("own-memory");

    private static final int ATTACKS = 22;

    @Test
    void everyAttackIsHeldOnTheSealedRuntimeWithItsOptions() throws Exception {
        assertThat(succeeded(true, JavaOptions.of(true).lines())).isEqualTo(BY_CONTAINER);
    }

    @Test
    void theSealedRuntimeHoldsWithoutItsOptionsToo() throws Exception {
        var expected = new TreeSet<>(BY_CONTAINER);
        expected.addAll(BY_OPTION);
        assertThat(succeeded(true, List.of())).isEqualTo(expected);
    }

    @Test
    void theSameAttacksSucceedOnARuntimeThatIsNotSealed() throws Exception {
        assertThat(succeeded(false, JavaOptions.of(false).lines())).hasSize(ATTACKS);
    }

    @Test
    void whatAgentsDoAllDayWorksOnTheSealedRuntime() throws Exception {
        try (var server = TlsServer.start(Images.directory("tls"))) {
            var options = new ArrayList<>(JavaOptions.of(true).lines());
            options.add("-Djdk.net.hosts.file=" + server.hostsFile());
            var process =
                    java(
                            true,
                            options,
                            FeatureProgram.class,
                            server.address(),
                            server.certificate().toString());
            assertThat(process.errors()).isEmpty();
            assertThat(process.code()).isZero();
            assertThat(process.lines()).contains("https works", "pattern-switch works");
        }
    }

    @Test
    void theSealedRuntimeHasTheModulesThatTheJarsNeedAndNoOther() throws Exception {
        var process =
                FinishedProcess.run(
                        List.of(runtime(true).resolve("bin/java").toString(), "--list-modules"));
        assertThat(process.lines())
                .map(line -> line.replaceFirst("@.*", ""))
                .containsExactly("java.base", "java.logging", "java.net.http");
    }

    @Test
    void theSealedRuntimeHasOneProgramAndNoHelperOfProcesses() throws Exception {
        try (var programs = Files.list(runtime(true).resolve("bin"))) {
            assertThat(programs.map(path -> path.getFileName().toString())).containsExactly("java");
        }
        assertThat(runtime(true).resolve("lib/jspawnhelper")).doesNotExist();
        assertThat(runtime(false).resolve("lib/jspawnhelper")).exists();
    }

    @Test
    void aDatabaseClientsRuntimeLinksAndNoRuleIsStaleInItsModules() throws Exception {
        var modules =
                RuntimeModules.forPackages(
                        Set.of(
                                "java.sql",
                                "javax.naming",
                                "java.lang.management",
                                "java.net.http"));
        var jar = Images.agentJar(Images.directory("database"));
        var named = AgentJars.read(List.of(jar)).named();
        var runtime =
                new RuntimeLinker(Images.directory("database").resolve("runtimes"), line -> {})
                        .link(modules.included(), modules.named(named), true);
        var process =
                FinishedProcess.run(
                        List.of(
                                runtime.resolve("bin/java").toString(),
                                "-cp",
                                jar.toString(),
                                FeatureProgram.class.getName()));
        assertThat(process.code()).as(process.errors()).isZero();
    }

    /// On a whole JDK: an agent whose jars read XML has the reader in its sealed runtime, too.
    @Test
    void documentsBringNothingInThatLiesElsewhere() throws Exception {
        var file = Images.directory("xml").resolve("included.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "included");
        assertThat(includes(false, file.toUri().toString()).lines()).containsExactly("included");
        for (var address : List.of(file.toUri().toString(), "http://127.0.0.1:1/")) {
            var process = includes(true, address);
            assertThat(process.code()).isNotZero();
            assertThat(process.errors()).contains("accessExternalDTD");
        }
    }

    private static FinishedProcess includes(boolean sealed, String address) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JavaOptions.of(sealed).lines());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(XmlProgram.class.getName(), address));
        return FinishedProcess.run(command);
    }

    @Test
    void theSealedRuntimeStartsFromItsArchiveOfClasses() throws Exception {
        var process = java(true, List.of("-Xshare:on"), FeatureProgram.class);
        assertThat(process.code()).isZero();
    }

    private static Set<String> succeeded(boolean sealed, List<String> options) throws Exception {
        var process = java(sealed, options, AttackProgram.class);
        assertThat(process.code()).as(process.errors()).isZero();
        assertThat(process.lines()).hasSize(ATTACKS);
        var names = new TreeSet<String>();
        for (var line : process.lines()) {
            if (line.endsWith(" succeeded")) {
                names.add(line.substring(0, line.indexOf(' ')));
            }
        }
        return names;
    }

    private static FinishedProcess java(
            boolean sealed, List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(runtime(sealed).resolve("bin/java").toString());
        command.addAll(options);
        var jar = Images.agentJar(Images.directory("first"));
        command.addAll(List.of("-cp", jar.toString(), main.getName()));
        command.addAll(List.of(arguments));
        return FinishedProcess.run(command);
    }

    private static Path runtime(boolean sealed) throws IOException {
        return Images.runtime(sealed);
    }
}
