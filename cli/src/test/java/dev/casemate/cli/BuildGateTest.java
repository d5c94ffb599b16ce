package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The builds of agents, with Maven: what is reached and not declared fails them.
class BuildGateTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path LIBRARIES = ROOT.resolve("cli/target/agent-libraries");

    private static final String[] PACKAGE = {"-Dmaven.test.skip=true", "package"};

    @TempDir private static Path shared;

    private static MavenBuild maven;
    private static String version;

    @TempDir private Path directory;

    @BeforeAll
    static void fillRepository() throws IOException {
        maven = new MavenBuild(shared);
        version = AgentRepository.fill(maven.repository(), ROOT, LIBRARIES);
        var later =
                jar(
                        "later",
                        """
                        package com.example.later;

                        public final class Later {
                            public static Runnable prepare() {
                                return () -> {
                                    try {
                                        new ProcessBuilder("sh").start();
                                    } catch (java.io.IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                };
                            }
                        }
                        """,
                        List.of());
        maven.publish("later", later, List.of());
        var rounding =
                jar(
                        "rounding",
                        """
                        package com.example.rounding;

                        public final class Rounding {
                            public static String round(String number) {
                                com.example.later.Later.prepare().run();
                                return number;
                            }
                        }
                        """,
                        List.of(later));
        maven.publish("rounding", rounding, List.of("later"));
    }

    @Test
    void a_process_behind_a_lambda_of_a_library_of_a_library_fails_the_build_until_it_is_declared()
            throws Exception {
        assumeTrue(ContainerMachine.onPath("mvn"), "the build of an agent needs mvn");
        var example = example();
        var agent = "src/main/java/dev/casemate/examples/marketanalyst/MarketAnalyst.java";
        needRounding(example);
        edit(
                example.resolve(agent),
                "Map.of(\"symbol\", symbol)",
                "Map.of(\"symbol\", com.example.rounding.Rounding.round(symbol))");

        var refused = maven.run(example, PACKAGE);
        assertThat(refused.exitCode()).as(refused.text()).isNotZero();
        assertThat(printed(refused))
                .contains(
                        "agent market-analyst can reach what its manifest does not declare: exec\n",
                        "\nexec, in later.jar: ",
                        """
                            starts at dev.casemate.examples.marketanalyst.MarketAnalyst.currentPrices(String)  [market-analyst.jar]
                            calls com.example.rounding.Rounding.round(String)  [rounding.jar]
                            calls com.example.later.Later.prepare()  [later.jar]
                            makes a function of com.example.later.Later.lambda$prepare$0()  [later.jar]
                            calls java.lang.ProcessBuilder.<init>(String[])  [java.base]
                        """,
                        "add Capability.EXEC\n");

        edit(
                example.resolve(agent),
                "Capability.ENVIRONMENT",
                "Capability.ENVIRONMENT, Capability.EXEC");
        var built = maven.run(example, PACKAGE);
        assertThat(built.exitCode()).as(built.text()).isZero();
        assertThat(AgentApplication.read(example.resolve("target/app")).manifest().capabilities())
                .contains(Capability.EXEC);
        assertThat(reached(example)).contains(JsonReader.read("\"later.jar\""));
    }

    @Test
    void a_new_project_has_the_gate_in_its_build_and_the_guide_shows_what_it_says()
            throws Exception {
        assumeTrue(ContainerMachine.onPath("mvn"), "the build of an agent needs mvn");
        var project = directory.resolve("my-agent");
        new ProjectTemplate(ProjectNames.of("my-agent"), version, maven.repository())
                .write(project);
        var built = maven.run(project, PACKAGE);
        assertThat(built.exitCode()).as(built.text()).isZero();
        // What the template declares is what it needs.
        assertThat(built.text())
                .contains("agent my-agent can reach, as far as the analysis sees: ")
                .doesNotContain("[WARNING] declared in @Agent(capabilities)");

        needRounding(project);
        edit(
                project.resolve("src/main/java/com/example/myagent/MyAgent.java"),
                "day.getDayOfWeek().toString()",
                "com.example.rounding.Rounding.round(day.getDayOfWeek().toString())");
        var refused = maven.run(project, PACKAGE);
        assertThat(refused.exitCode()).as(refused.text()).isNotZero();
        var shown =
                Guide.of(Files.readString(ROOT.resolve("docs/write-an-agent.md"))).blocks().stream()
                        .filter(block -> block.attribute("refused").isPresent())
                        .toList();
        assertThat(shown).hasSize(1);
        assertThat(printed(refused)).contains(shown.getFirst().text());
    }

    private static void needRounding(Path project) throws IOException {
        edit(
                project.resolve("pom.xml"),
                "  </dependencies>\n\n  <build>",
                MavenBuild.dependency("rounding") + "  </dependencies>\n\n  <build>");
    }

    /// Without the mark that Maven puts before each line of an error.
    private static String printed(MavenBuild.Result result) {
        return result.text().replaceAll("(?m)^\\[ERROR] ", "");
    }

    /// The jars that use `exec`, as the report of a build has them.
    private static List<Json> reached(Path project) throws IOException {
        var report =
                (Json.Obj)
                        JsonReader.read(
                                Files.readString(project.resolve("target/capabilities.json")));
        var found = (Json.Obj) report.get("capabilities").orElseThrow();
        return ((Json.Arr) found.get("exec").orElseThrow())
                .items().stream().map(it -> ((Json.Obj) it).get("origin").orElseThrow()).toList();
    }

    /// A copy of the example's project, its build as it is, with Casemate from the repository.
    private Path example() throws IOException {
        var from = ROOT.resolve("examples/market-analyst");
        var to = directory.resolve("example");
        copy(ROOT.resolve(".mvn"), to.resolve(".mvn"));
        copy(from.resolve("src/main"), to.resolve("src/main"));
        Files.copy(from.resolve("pom.xml"), to.resolve("pom.xml"));
        edit(
                to.resolve("pom.xml"),
                "<version>0.1.0-SNAPSHOT</version>",
                "<version>" + version + "</version>");
        edit(
                to.resolve("pom.xml"),
                "<relativePath>../../pom.xml</relativePath>",
                "<relativePath/>");
        return to;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private static void edit(Path file, String before, String after) throws IOException {
        var text = Files.readString(file);
        assertThat(text).containsOnlyOnce(before);
        Files.writeString(file, text.replace(before, after));
    }

    private static Path jar(String name, String source, List<Path> classPath) throws IOException {
        var folder = Files.createTempDirectory(shared, name);
        var type = Character.toUpperCase(name.charAt(0)) + name.substring(1);
        var file = Files.writeString(folder.resolve(type + ".java"), source);
        int status =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "-proc:none",
                                "-d",
                                folder.toString(),
                                "-cp",
                                String.join(":", classPath.stream().map(Path::toString).toList()),
                                file.toString());
        assertThat(status).isZero();
        var jar = folder.resolve(name + ".jar");
        var entry = "com/example/" + name + "/" + type + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(entry));
            out.write(Files.readAllBytes(folder.resolve(entry)));
        }
        return jar;
    }
}
