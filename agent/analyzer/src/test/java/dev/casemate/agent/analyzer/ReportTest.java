package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {

    private static final String TOOLS =
            """
            package app;
            public class Tools {
                private void start() { new Thread(() -> { }).start(); }
                public Object call(String tool) throws Exception {
                    return switch (tool) {
                        case "wait" -> { start(); yield null; }
                        case "fetch" -> new java.net.Socket("h", 1).getInputStream();
                        default -> null;
                    };
                }
            }
            """;

    @TempDir Path directory;

    private Report report() {
        var jars = new Fixture(directory).jar(TOOLS).classPath();
        return Analyzer.analyze(jars, List.of(Root.every("app.Tools")));
    }

    static AgentManifest declaring(Set<Capability> capabilities) {
        return new AgentManifest(
                "tester",
                "1",
                "owner",
                "purpose",
                new Prompt("persona", "scope", List.of("everything")),
                List.of("model"),
                List.of(),
                List.of(),
                new Limits(1, 1, 1, Duration.ofSeconds(1), 1, 1, 1, 1, 1, 1),
                capabilities,
                Optional.empty());
    }

    @Test
    void theGateNamesWhatIsReachableAndNotDeclared() {
        assertThat(report().undeclared(declaring(Set.of(Capability.THREADS))))
                .containsExactly(Capability.NETWORK_CONNECT);
    }

    @Test
    void theGateLetsThroughWhatIsDeclaredAndMore() {
        var all = Set.of(Capability.THREADS, Capability.NETWORK_CONNECT, Capability.EXIT);
        assertThat(report().undeclared(declaring(all))).isEmpty();
    }

    @Test
    void theSameJarsGiveTheSameReportByteForByte() {
        assertThat(report().toJson().text()).isEqualTo(report().toJson().text());
        assertThat(report().text()).isEqualTo(report().text());
    }

    @Test
    void theTextShowsWhatWasReadThePathTheRestAndTheAssumptions() {
        var report = report();
        assertThat(report.text())
                .contains("  fixture-0.jar  " + report.origins().getFirst().digest())
                .contains("Run time: " + report.runtime() + "\nStarts at:\n  app.Tools.*\n")
                .contains("Found: 2 of 12 capabilities.")
                .contains(
                        """
                        network-connect: opens connections, or looks names up
                          shortest path, in fixture-0.jar:
                            starts at app.Tools.call(String)
                            calls java.net.Socket.<init>(String, int)  [java.base]
                          the last step counts: opens connections or looks names up
                          reached from app.Tools.*
                        """)
                .contains("No path found to: exec, files-read")
                .contains("Under these assumptions:\n- ")
                .contains("\n  sinks " + report.tables().get("sinks"))
                .doesNotContain("prove");
    }

    @Test
    void theTextWarnsOfWhatRunsBehindACapabilityUnseen() {
        var jars = new Fixture(directory).jar(Fixture.main("Class.forName(args[0]);")).classPath();
        var report = Analyzer.analyze(jars, List.of(Root.main("app.Main")));
        assertThat(report.text()).contains("read the rest as \"at least\": reflection");
        assertThat(report().text()).doesNotContain("at least");
    }

    @Test
    void theTextNamesTheOtherJarsOfACapability() {
        var fixture =
                new Fixture(directory)
                        .jar(Fixture.SHELL)
                        .jar(Fixture.main("Shell.run(); new ProcessBuilder(args).start();"));
        var report = Analyzer.analyze(fixture.classPath(), List.of(Root.main("app.Main")));
        assertThat(report.text())
                .contains("in fixture-1.jar:")
                .contains("  also in fixture-0.jar\n");
    }

    @Test
    void whatIsReferredToAndNotShippedIsAmongTheAssumptions() {
        var fixture =
                new Fixture(directory)
                        .jar("package lib; public class Gone { public static void act() {} }")
                        .jar(
                                """
                                package app;
                                public class Main {
                                    public static void main(String[] args) { lib.Gone.act(); }
                                }
                                """);
        var report =
                Analyzer.analyze(
                        List.of(fixture.classPath().getFirst()), List.of(Root.main("app.Main")));
        assertThat(report.assumptions().getLast()).contains("lib.Gone");
    }
}
