package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

    private static final Json DOCUMENT =
            JsonReader.read(
                    "{\"a\":{\"b c\":[1,{\"d\":\"x\"},[2]]},\"e\":null,\"f\":[{\"g\":1},{\"g\":2},3]}");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$.a['b c'][0] | [1]",
                "$.a['b c'][1].d | [\"x\"]",
                "$.a['b c'][-1][0] | [2]",
                "$.e | [null]",
                "$.f[*].g | [1,2]",
                "$.a[*][0] | [1]",
                "$['a']['b c'][2] | [[2]]",
                "$.nothing | []",
                "$.f[3] | []",
                "$.f[-4] | []",
                "$.e.deeper | []",
                "$.f.g | []",
                "$[0] | []"
            })
    void aPathFindsWhatIsThere(String path, String found) {
        assertThat(Json.array(JsonPath.of(path).orElseThrow().in(DOCUMENT)).text())
                .isEqualTo(found);
    }

    @Test
    void theDollarAloneIsTheWholeDocument() {
        assertThat(JsonPath.of("$").orElseThrow().in(DOCUMENT)).containsExactly(DOCUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "$a",
                "$..a",
                "$.a[?(@.b)]",
                "$.f[0:1]",
                "$.f[01]",
                "$.f['a",
                "$.",
                "$[]",
                "$.f[ 0]",
                "$.a ",
                "$.f[-0]",
                "$.f[0,1]",
                "$.*"
            })
    void whatIsNotOfTheSubsetIsNoPath(String path) {
        assertThat(JsonPath.of(path)).isEmpty();
    }
}
