package dev.casemate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is compared does the same work on good arguments, and what it does with bad ones is as
/// docs/performance.md says.
final class DispatchTest {

    private static final String REFUSED = "The tool was not run.";

    private final Dispatch generated = Dispatch.generated();
    private final Dispatch reflection = Dispatch.reflection();
    private final Dispatch langChain4j = Dispatch.langChain4j();

    private static String arguments(String tool) {
        return DispatchBenchmark.ARGUMENTS.getOrDefault(tool, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "rate"})
    void theContestantsAnswerAlike(String tool) {
        var expected = JsonReader.read(generated.call(tool, arguments(tool)));
        assertThat(JsonReader.read(reflection.call(tool, arguments(tool)))).isEqualTo(expected);
        assertThat(JsonReader.read(langChain4j.call(tool, arguments(tool)))).isEqualTo(expected);
    }

    @Test
    void aTextIsTheAnswerOfAll() {
        for (var dispatch : new Dispatch[] {generated, reflection, langChain4j}) {
            assertThat(dispatch.call("find", arguments("find"))).isEqualTo("COPPER");
        }
    }

    @ParameterizedTest(name = "{1} runs {0} but for the generated tool set")
    @CsvSource(
            delimiter = ';',
            value = {
                "find; {\"symbol\":\"not a symbol\"}",
                "find; {\"symbol\":\"COPPER\",\"unknown\":1}",
                "find; {\"symbol\":\"COPPER\",\"symbol\":\"ZINC\"}",
                "rate; {\"amount\":-1,\"rate\":0.5,\"months\":900,\"seed\":7}"
            })
    void whatTheConstraintsForbidRunsElsewhere(String tool, String arguments) {
        assertThat(refusedBy(generated, tool, arguments)).isTrue();
        assertThat(refusedBy(reflection, tool, arguments)).isFalse();
        assertThat(refusedBy(langChain4j, tool, arguments)).isFalse();
    }

    private static boolean refusedBy(Dispatch dispatch, String tool, String arguments) {
        try {
            return dispatch.call(tool, arguments).startsWith(REFUSED);
        } catch (dev.casemate.manifest.ManifestException e) {
            return true;
        }
    }
}
