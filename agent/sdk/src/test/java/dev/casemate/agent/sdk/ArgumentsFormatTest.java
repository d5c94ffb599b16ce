package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentsFormatTest {

    @ParameterizedTest(name = "{1} is a {0}")
    @CsvSource({
        "DATE, 2024-02-29",
        "DATE, 2000-02-29",
        "DATE, 0000-01-01",
        "DATE, 9999-12-31",
        "TIME, 00:00",
        "TIME, 23:59:59.999999999",
        "DATE_TIME, 2026-01-31T00:00:00Z",
        "DATE_TIME, 2026-01-31T00:00:00.1+18:00",
        "DATE_TIME, 2026-01-31T00:00:00+00:00",
        "DATE_TIME, 2026-01-31T00:00:00-00:01",
        "DURATION, P0D",
        "DURATION, PT1H0M1S",
        "DURATION, P1DT1S",
        "DURATION, P999999DT999999H999999M999999S",
        "UUID, 00000000-0000-0000-0000-00000000000F",
        "UUID, ffffffff-ffff-ffff-ffff-ffffffffffff"
    })
    void whatFitsPassesAndIsReadAsJavaReadsIt(ArgumentsFormat format, String text) {
        assertThat(violations(format, text)).isZero();
        var value = new ArgumentsValue(Json.of(text), ArgumentsPlace.ALL);
        switch (format) {
            case DATE -> assertThat(value.toLocalDate()).hasToString(text);
            case TIME -> assertThat(value.toLocalTime()).hasToString(text);
            case DATE_TIME -> {
                assertThat(value.toOffsetDateTime()).isEqualTo(OffsetDateTime.parse(text));
                assertThat(value.toInstant()).isEqualTo(Instant.parse(text));
            }
            case DURATION -> assertThat(value.toDuration()).isEqualTo(Duration.parse(text));
            case UUID ->
                    assertThat(value.toUuid()).hasToString(text.toLowerCase(java.util.Locale.ROOT));
        }
    }

    @ParameterizedTest(name = "{1} is no {0}")
    @CsvSource({
        "DATE, 2023-02-29",
        "DATE, 1900-02-29",
        "DATE, 2026-04-31",
        "DATE, 2026-00-01",
        "DATE, 2026-13-01",
        "DATE, 2026-01-00",
        "DATE, 2026-1-1",
        "DATE, +12026-01-01",
        "DATE, -026-01-01",
        "DATE, '2026-01-01\n'",
        "DATE, \u0662026-01-01",
        "TIME, 24:00",
        "TIME, 9:30",
        "TIME, 09:60",
        "TIME, 09:30:60",
        "TIME, 09:30:00.",
        "TIME, 09:30:00.1234567890",
        "TIME, 09:30:00Z",
        "DATE_TIME, 2026-01-31T00:00Z",
        "DATE_TIME, 2026-02-30T00:00:00Z",
        "DATE_TIME, 2026-01-31T00:00:00",
        "DATE_TIME, 2026-01-31 00:00:00Z",
        "DATE_TIME, 2026-01-31t00:00:00z",
        "DATE_TIME, 2026-12-31T23:59:60Z",
        "DATE_TIME, 2026-01-31T24:00:00Z",
        "DATE_TIME, 2026-01-31T00:00:00-00:00",
        "DATE_TIME, 2026-01-31T00:00:00+18:01",
        "DATE_TIME, 2026-01-31T00:00:00+19:00",
        "DATE_TIME, 2026-01-31T00:00:00+01:00[Europe/Paris]",
        "DURATION, P",
        "DURATION, PT",
        "DURATION, P1DT",
        "DURATION, P1W",
        "DURATION, P1M",
        "DURATION, PT1H1S",
        "DURATION, PT1.5S",
        "DURATION, PT-1S",
        "DURATION, -PT1S",
        "DURATION, pt1s",
        "DURATION, P1000000D",
        "UUID, 0-0-0-0-0",
        "UUID, 00000000-0000-0000-0000-00000000000",
        "UUID, 00000000-0000-0000-0000-0000000000000",
        "UUID, 0000000000000000000000000000000000",
        "UUID, 00000000-0000-0000-0000-00000000000g"
    })
    void whatDoesNotFitIsRefused(ArgumentsFormat format, String text) {
        assertThat(violations(format, text)).isOne();
    }

    private static int violations(ArgumentsFormat format, String text) {
        return ArgumentsCheck.violations(ArgumentsShape.formatted(format), Json.of(text)).size();
    }

    @Test
    void whatIsNoTextIsRefused() {
        var shape = ArgumentsShape.formatted(ArgumentsFormat.DATE);
        assertThat(ArgumentsCheck.violations(shape, Json.of(20260131))).hasSize(1);
    }

    @Test
    void anyDurationAndMomentSurvivesBeingWritten() {
        var random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            var duration = Duration.ofSeconds(random.nextLong(3_000_000_000L));
            var text = ArgumentsFormat.text(duration);
            assertThat(violations(ArgumentsFormat.DURATION, text)).as(text).isZero();
            assertThat(ArgumentsFormat.duration(text)).isEqualTo(duration);
            var moment = Instant.ofEpochSecond(random.nextLong(200_000_000_000L), i % 3 * 10_000L);
            var written = ArgumentsFormat.text(moment);
            assertThat(violations(ArgumentsFormat.DATE_TIME, written)).as(written).isZero();
            assertThat(ArgumentsFormat.dateTime(written).toInstant()).isEqualTo(moment);
        }
    }
}
