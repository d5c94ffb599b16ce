package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.JsonReader;
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

    private static AgentManifest declaring(Set<Capability> capabilities) {
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
    void theJsonFormIsReadBack() {
        assertThat(JsonReader.read(report().toJson().text())).isEqualTo(report().toJson());
    }

    @Test
    void theTextShowsThePathAndTheAssumptions() {
        assertThat(report().text())
                .contains(
                        """
                        network-connect: opens connections or looks names up
                            starts at app.Tools.call(String)
                            calls java.net.Socket.<init>(String, int)
                        """)
                .contains("No path found to: exec, files-read")
                .contains("Under these assumptions:\n- ")
                .doesNotContain("prove");
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
