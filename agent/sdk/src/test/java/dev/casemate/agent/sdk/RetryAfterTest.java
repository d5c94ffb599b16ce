package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Optional<Duration> read(Map<String, List<String>> headers) {
        return RetryAfter.read(HttpHeaders.of(headers, (_, _) -> true)::firstValue, NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|PT0S",
                "7|PT7S",
                " 1.5 |PT1.5S",
                "86400|PT24H",
                "999999999999999999|PT24H",
                "Thu, 01 Jan 2026 00:00:30 GMT|PT30S",
                "Wed, 31 Dec 2025 23:59:59 GMT|PT0S",
                "Fri, 01 Jan 2027 00:00:00 GMT|PT24H"
            })
    void secondsAndDatesAreRead(String value, Duration expected) {
        assertThat(read(Map.of("Retry-After", List.of(value)))).contains(expected);
    }

    @Test
    void millisecondsGoFirst() {
        assertThat(read(Map.of("retry-after-ms", List.of("250.5"), "retry-after", List.of("9"))))
                .contains(Duration.ofNanos(250_500_000));
        assertThat(read(Map.of("retry-after-ms", List.of("soon"), "retry-after", List.of("9"))))
                .contains(Duration.ofSeconds(9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "-1",
                "1e3",
                "0x10",
                "NaN",
                "٣",
                "1234567890123456789",
                "Thu, 32 Jan 2026 00:00:30 GMT",
                "Fri, 01 Jan 2026 00:00:30 GMT"
            })
    void whatCannotBeReadWasNotSaid(String value) {
        assertThat(read(Map.of("Retry-After", List.of(value)))).isEmpty();
    }

    @Test
    void noHeaderSaysNothing() {
        assertThat(read(Map.of())).isEmpty();
    }
}
