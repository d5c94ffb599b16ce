package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is left of an endpoint: a worker makes one for each task, in a container of few threads.
@Timeout(60)
class EndpointThreadsTest {

    private static final int TASKS = 60;

    @TempDir private Path directory;

    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("HttpClient-"))
                .count();
    }

    @Test
    void endpointsOfManyTasksLeaveNoThreads() {
        var certificates = Certificates.named("dns:localhost", directory);
        try (var server = new LoopbackHttps(certificates.server())) {
            server.answersJson(200, "{\"price\":1}");
            var shape =
                    new FixedEndpoint.Shape(
                            "/v1/prices/{symbol}",
                            Map.of(
                                    "symbol",
                                    new PathParameter.Text(Pattern.compile("[A-Z]{3}"), 3)),
                            4096,
                            Duration.ofSeconds(10));
            long before = clientThreads();
            for (int task = 0; task < TASKS; task++) {
                new FixedEndpoint(server.endpoint(certificates), shape)
                        .get(Map.of("symbol", "XCU"));
                assertThat(clientThreads()).isLessThan(before + 10);
            }
            assertThat(server.asked).hasSize(TASKS);
        }
    }
}
