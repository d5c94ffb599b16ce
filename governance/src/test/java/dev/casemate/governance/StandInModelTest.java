package dev.casemate.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInModelTest {

    @TempDir private Path directory;

    private Path script(String text) throws IOException {
        return Files.writeString(directory.resolve("model.json"), text);
    }

    private static String asked(StandInModel model, String messages) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:"
                                                    + model.port()
                                                    + "/v1/chat/completions"))
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"model\":\"any\",\"messages\":" + messages + "}"))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void it_plays_its_script_and_says_what_it_is() throws Exception {
        var script =
                script(
                        """
                        {"script": [{"call": "count", "arguments": {"to": 3}}, {"say": "It is {0/n}."}]}
                        """);
        try (var model = StandInModel.start(script, 0)) {
            assertThat(asked(model, "[]"))
                    .contains("\"name\":\"count\"", "casemate-rehearsal-model");
            assertThat(
                            asked(
                                    model,
                                    "[{\"role\":\"assistant\"},{\"role\":\"tool\",\"content\":\"{\\\"n\\\":3}\"}]"))
                    .contains("It is 3.");
        }
    }

    @Test
    void a_script_that_is_none_is_refused() throws IOException {
        for (var text :
                new String[] {
                    "[]", "{}", "{\"script\":[]}", "{\"script\":[{\"shout\":\"x\"}]}", "{"
                }) {
            var script = script(text);
            assertThatThrownBy(() -> StandInModel.start(script, 0))
                    .as(text)
                    .isInstanceOf(GovernanceException.class);
        }
    }
}
