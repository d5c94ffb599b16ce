package dev.casemate.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageDescriptionTest {

    private static final String STAGE =
            """
            {"task": "What is the price?", "endpoints": {"prices": {"path": "/v1/", "answers": "a.json"}},
             "script": [{"call": "price", "arguments": {"symbol": "X"}}, {"say": "It is {0/price}."}],
             "check": "SELECT 1", "misuse": [{"call": "price", "arguments": {"symbol": "../x"}}],
             "poison": {"call": "price", "arguments": {"symbol": "Y"}}}
            """;

    @TempDir private Path directory;

    @Test
    void a_stage_is_read_with_files_beside_it() throws IOException {
        var stage = read(STAGE);

        assertThat(stage.task()).isEqualTo("What is the price?");
        assertThat(stage.script()).hasSize(2);
        assertThat(stage.endpoints().values())
                .extracting(StageDescription.Endpoint::answers)
                .containsExactly(directory.resolve("a.json"));
    }

    @Test
    void what_does_not_fit_the_agent_is_refused() {
        refused(STAGE.replace("\"prices\":", "\"news\":"), "behind destination prices");
        refused(
                STAGE.replace(
                        "\"misuse\": [{\"call\": \"price\"", "\"misuse\": [{\"call\": \"bash\""),
                "own tools");
        refused(STAGE.replace("\"check\"", "\"czech\""), "/check");
        refused(STAGE.replace("\"task\":", "\"mood\": \"good\", \"task\":"), "/mood");
        refused("{", "stage.json");
    }

    private void refused(String stage, String words) {
        assertThatThrownBy(() -> read(stage))
                .isInstanceOf(GovernanceException.class)
                .hasMessageContaining(words);
    }

    private StageDescription read(String stage) throws IOException {
        Files.writeString(directory.resolve("stage.json"), stage);
        return StageDescription.read(directory, manifest());
    }

    private static AgentManifest manifest() {
        var schema =
                (Json.Obj)
                        JsonReader.read(
                                "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}");
        return new AgentManifest(
                "quoter",
                "1",
                "desk",
                "Quotes prices",
                new Prompt("A clerk.", "Prices.", List.of("All else.")),
                List.of("m"),
                List.of(
                        new ToolSpec(
                                "price",
                                "The price",
                                Effect.READ,
                                List.of("prices"),
                                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                schema)),
                List.of(new Destination("prices", Destination.Protocol.HTTPS)),
                new Limits(
                        4, 4, 1000, Duration.ofSeconds(30), 2, 1000, 1 << 27, 1 << 20, 64, 1 << 20),
                Set.of(),
                Optional.empty());
    }
}
