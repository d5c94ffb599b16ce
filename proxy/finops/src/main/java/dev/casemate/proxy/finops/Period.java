package dev.casemate.proxy.finops;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// The calendar period that a budget is for, in UTC.
public enum Period {
    HOUR,
    DAY,
    MONTH;

    /// The first instant of the period that contains `at`.
    Instant start(Instant at) {
        var time = at.atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> time.truncatedTo(ChronoUnit.DAYS).toInstant();
            case MONTH -> time.withDayOfMonth(1).truncatedTo(ChronoUnit.DAYS).toInstant();
        };
    }

    /// The first instant after the period that begins at `start`.
    Instant end(Instant start) {
        var time = start.atOffset(ZoneOffset.UTC);
        return switch (this) {
            case HOUR -> time.plusHours(1).toInstant();
            case DAY -> time.plusDays(1).toInstant();
            case MONTH -> time.plusMonths(1).toInstant();
        };
    }
}
