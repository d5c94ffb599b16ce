package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    private static IdempotencyKey key(String run, String tool, String arguments) {
        return IdempotencyKey.of(
                new Correlation(run, "workflow-1", "transaction-1"),
                tool,
                JsonReader.read(arguments));
    }

    private static IdempotencyKey key(String arguments) {
        return key("run-1", "write", arguments);
    }

    @Test
    void theSameMeaningHasTheSameKeyHoweverItIsSpelled() {
        assertThat(key("{\"a\":1,\"b\":[2.50]}")).isEqualTo(key("{ \"b\": [25e-1], \"a\": 1.0 }"));
    }

    @ParameterizedTest(name = "{0} and {1} have two keys")
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"a\":1}; {\"a\":\"1\"}",
                "{\"a\":\"n1\"}; {\"a\":1}",
                "{\"a\":null}; {}",
                "{\"a\":[1,2]}; {\"a\":[2,1]}",
                "{\"a\":9007199254740993}; {\"a\":9007199254740992}"
            })
    void anotherMeaningHasAnotherKey(String one, String other) {
        assertThat(key(one)).isNotEqualTo(key(other));
    }

    @Test
    void anotherRunOrAnotherToolHasAnotherKey() {
        assertThat(key("run-1", "write", "{}"))
                .isNotEqualTo(key("run-2", "write", "{}"))
                .isNotEqualTo(key("run-1", "file", "{}"));
    }

    @ParameterizedTest(name = "{0} has a key")
    @ValueSource(strings = {"12345678901234567890.123456789", "9e308", "-1e-308", "0.1"})
    void everyNumberThatCanBeReadHasAKey(String number) {
        assertThat(key("{\"a\":" + number + "}").value()).hasSize(64);
    }
}
