package dev.casemate.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.governance.StageDescription.Line;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalModelTest {

    @TempDir private Path directory;

    @Test
    void it_answers_over_tls_and_counts_the_prompts_that_it_saw() {
        var identity = Identity.create(directory, "model", List.of("model.test", "127.0.0.1"));
        try (var model = new RehearsalModel(identity, Script.of(List.of(new Line.Say("hello"))));
                var client = new ProxyClient(model.port(), identity.certificate())) {
            var prompt =
                    Json.object()
                            .put("model", "any")
                            .put("messages", Json.array(List.of()))
                            .build();
            var reply = client.prompt("key", new Correlation("r", "w", "t"), prompt);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(model.prompts()).isEqualTo(1);
        }
    }
}
