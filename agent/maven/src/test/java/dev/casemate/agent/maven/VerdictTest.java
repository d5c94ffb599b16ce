package dev.casemate.agent.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.Link;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Step;
import dev.casemate.agent.analyzer.Witness;
import dev.casemate.manifest.Capability;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VerdictTest {

    private static Report report(Capability capability, int jars) {
        var witnesses =
                IntStream.rangeClosed(1, jars)
                        .mapToObj(number ->
                                new Witness(
                                        List.of(
                                                new Step(
                                                        Link.ROOT,
                                                        "app.Main.main()",
                                                        "library-%d.jar".formatted(number),
                                                        List.of())),
                                        "for a reason",
                                        "library-%d.jar".formatted(number),
                                        List.of("main")))
                        .toList();
        return new Report(
                List.of(),
                "Java 25",
                List.of("main"),
                Map.of(capability, witnesses),
                List.of(),
                List.of(),
                Map.of(),
                1);
    }

    @Test
    void eachJarThatBringsACapabilityIsNamedUpToALimit() {
        var verdict = new Verdict(Application.declaring(), report(Capability.NATIVE, 5));
        assertThat(verdict.refusal("report"))
                .contains("native, in library-1.jar", "native, in library-5.jar")
                .doesNotContain("more jars");
        var more = new Verdict(Application.declaring(), report(Capability.NATIVE, 7));
        assertThat(more.refusal("report"))
                .contains("native, in library-5.jar", "native, in 2 more jars")
                .doesNotContain("library-6.jar");
    }

    @Test
    void whatIsDeclaredIsNotInTheRefusal() {
        var report = report(Capability.NATIVE, 1);
        assertThat(new Verdict(Application.declaring(Capability.NATIVE), report).undeclared())
                .isEmpty();
        assertThat(new Verdict(Application.declaring(Capability.EXEC), report).undeclared())
                .containsExactly(Capability.NATIVE);
    }

    @Test
    void nothingReachedIsSaidInAWord() {
        var nothing =
                new Report(
                        List.of(),
                        "Java 25",
                        List.of("main"),
                        Map.of(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        1);
        assertThat(new Verdict(Application.declaring(), nothing).summary()).contains(": none;");
    }
}
