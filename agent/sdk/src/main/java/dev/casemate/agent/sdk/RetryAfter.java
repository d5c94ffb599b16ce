package dev.casemate.agent.sdk;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// When a server wants to be asked again.
///
/// Read from `retry-after-ms` (milliseconds, as model providers send it), else from `Retry-After`:
/// seconds, or a date. What cannot be read was not said.
///
/// Source: RFC 9110, section 10.2.3; for the date, its preferred form alone.
final class RetryAfter {

    /// A longer time is told as this: longer than any run.
    static final Duration MAX = Duration.ofDays(1);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,9})?");

    private RetryAfter() {}

    /// @param header gives the first header field of a name
    /// @param now to which a date is held
    static Optional<Duration> read(Function<String, Optional<String>> header, Instant now) {
        return header.apply("retry-after-ms")
                .flatMap(value -> amount(value, 1_000_000))
                .or(() ->
                        header.apply("retry-after")
                                .flatMap(value ->
                                        amount(value, 1_000_000_000).or(() -> until(value, now))));
    }

    private static Optional<Duration> amount(String value, long unitNanos) {
        if (!NUMBER.matcher(value.strip()).matches()) {
            return Optional.empty();
        }
        var nanos = new BigDecimal(value.strip()).multiply(BigDecimal.valueOf(unitNanos));
        var most = BigDecimal.valueOf(MAX.toNanos());
        return Optional.of(Duration.ofNanos(nanos.min(most).longValue()));
    }

    private static Optional<Duration> until(String date, Instant now) {
        try {
            var at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.strip()));
            return Optional.of(bounded(Duration.between(now, at)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
