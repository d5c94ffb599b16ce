package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official client, pointed here by its base URL; the rest of its builder is what a test's own
/// certificate needs.
final class OpenAiClientTest {

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory).start();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(house.uri("/v1").toString())
                .apiKey(key)
                .sslSocketFactory(house.certificate.clientContext().getSocketFactory())
                .trustManager(house.certificate.trustManager())
                .build();
    }

    private static ChatCompletionCreateParams params(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("What is copper at?")
                .build();
    }

    @Test
    void itGetsAPlainAnswer() {
        var client = client(House.CREDENTIAL);
        var completion = client.chat().completions().create(params(House.MODEL));
        assertThat(completion.choices().getFirst().message().content()).contains("hello");
        assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(100);
        client.close();
    }

    @Test
    void itGetsAStreamedAnswer() {
        house.upstream.play((_, response) ->
                FakeUpstream.stream(
                        response,
                        FakeUpstream.text("Copper is ")
                                + FakeUpstream.text("up.")
                                + FakeUpstream.delta("{}", "\"stop\"")
                                + FakeUpstream.usageEvent()
                                + FakeUpstream.done(),
                        13));
        var client = client(House.CREDENTIAL);
        var text = new StringBuilder();
        try (var stream = client.chat().completions().createStreaming(params(House.MODEL))) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(text::append);
        }
        assertThat(text.toString()).isEqualTo("Copper is up.");
        client.close();
    }

    @Test
    void itListsTheModelsOfTheManifest() {
        var client = client(House.CREDENTIAL);
        assertThat(client.models().list().data())
                .extracting(model -> model.id())
                .contains("gpt-4o-mini")
                .doesNotContain("other");
        client.close();
    }

    @Test
    void itUnderstandsTheErrors() {
        var stranger = client("guess");
        assertThatThrownBy(() -> stranger.chat().completions().create(params(House.MODEL)))
                .isInstanceOf(UnauthorizedException.class)
                .hasMessageContaining("credential");
        stranger.close();
        var client = client(House.CREDENTIAL);
        assertThatThrownBy(() -> client.chat().completions().create(params("dear")))
                .isInstanceOf(RateLimitException.class)
                .hasMessageContaining("everything");
        // It took the hint not to try again.
        assertThat(house.records()).hasSize(2);
        client.close();
    }
}
