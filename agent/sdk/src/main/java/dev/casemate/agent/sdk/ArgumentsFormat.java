package dev.casemate.agent.sdk;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/// A text of a fixed form: what JSON Schema has a `format` for, narrowed by a pattern to what every
/// reader of a schema understands in the same way.
///
/// A reader that takes `format` for a remark only will let a 30th of February pass; the check does
/// not. Texts are taken apart here and not by `java.time.format`, which looks for services and
/// locales.
///
/// Source: RFC 3339 with appendix A for durations, RFC 9562.
public enum ArgumentsFormat {
    /// A day of the calendar.
    DATE(Optional.of("date"), Form.DATE, 10, "a day of the calendar, as 2026-01-31"),

    /// A time of the day on a clock that the tool knows. The `time` of JSON Schema is another
    /// thing: it has an offset.
    TIME(Optional.empty(), Form.TIME, 18, "a time of the day, as 09:30 or 09:30:15"),

    /// A moment. Leap seconds and unknown offsets (`-00:00`) have no counterpart in Java.
    DATE_TIME(
            Optional.of("date-time"),
            Form.DATE + "T" + Form.CLOCK + Form.OFFSET,
            35,
            "a moment with its offset from UTC, as 2026-01-31T09:30:00Z or"
                    + " 2026-01-31T10:30:00+01:00"),

    /// Days of 24 hours, hours, minutes and seconds, whole and not negative; no unit is left out
    /// between two others.
    DURATION(
            Optional.of("duration"),
            "P(?:[0-9]{1,6}D(?:T" + Form.SPAN + ")?|T" + Form.SPAN + ")",
            30,
            "a duration, as P2D, PT36H or PT1H0M30S"),

    UUID(
            Optional.of("uuid"),
            "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
            36,
            "a UUID, as 123e4567-e89b-12d3-a456-426614174000");

    private final Optional<String> word;
    private final Pattern pattern;
    private final int maxLength;
    private final String described;

    ArgumentsFormat(Optional<String> word, String pattern, int maxLength, String described) {
        this.word = word;
        this.pattern = Pattern.compile(pattern);
        this.maxLength = maxLength;
        this.described = described;
    }

    /// How JSON Schema calls it; empty where it has no word.
    Optional<String> word() {
        return word;
    }

    Pattern pattern() {
        return pattern;
    }

    int maxLength() {
        return maxLength;
    }

    /// With an example, for the model.
    String described() {
        return described;
    }

    boolean fits(String text) {
        return text.length() <= maxLength
                && pattern.matcher(text).matches()
                && switch (this) {
                    case DATE, DATE_TIME -> isInCalendar(text);
                    case TIME, DURATION, UUID -> true;
                };
    }

    private static boolean isInCalendar(String text) {
        var month = Month.of(number(text, 5, 7));
        return number(text, 8, 10) <= month.length(Year.isLeap(number(text, 0, 4)));
    }

    /// @param text that fits [#DATE]
    static LocalDate date(String text) {
        return LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    }

    /// @param text that fits [#TIME]
    static LocalTime time(String text) {
        int seconds = text.length() > 5 ? number(text, 6, 8) : 0;
        int nanos = 0;
        if (text.length() > 9) {
            var digits = text.substring(9);
            nanos = Integer.parseInt(digits + "0".repeat(9 - digits.length()));
        }
        return LocalTime.of(number(text, 0, 2), number(text, 3, 5), seconds, nanos);
    }

    /// @param text that fits [#DATE_TIME]
    static OffsetDateTime dateTime(String text) {
        int end = text.endsWith("Z") ? text.length() - 1 : text.length() - 6;
        return OffsetDateTime.of(
                date(text), time(text.substring(11, end)), offset(text.substring(end)));
    }

    private static ZoneOffset offset(String text) {
        if (text.equals("Z")) {
            return ZoneOffset.UTC;
        }
        int minutes = number(text, 1, 3) * 60 + number(text, 4, 6);
        return ZoneOffset.ofTotalSeconds((text.startsWith("-") ? -minutes : minutes) * 60);
    }

    /// @param text that fits [#DURATION]
    static Duration duration(String text) {
        var sum = Duration.ZERO;
        int from = 1;
        for (int i = 1; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == 'T') {
                from = i + 1;
            } else if (unit > '9') {
                int count = number(text, from, i);
                sum =
                        switch (unit) {
                            case 'D' -> sum.plusDays(count);
                            case 'H' -> sum.plusHours(count);
                            case 'M' -> sum.plusMinutes(count);
                            default -> sum.plusSeconds(count);
                        };
                from = i + 1;
            }
        }
        return sum;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /// As [#DATE_TIME] has it, so that a tool's result can be another one's argument.
    static String text(OffsetDateTime moment) {
        // RFC 3339 has no seconds in an offset, and the moment is the same.
        var written =
                moment.getOffset().getTotalSeconds() % 60 == 0
                        ? moment
                        : moment.withOffsetSameInstant(ZoneOffset.UTC);
        var time = written.toLocalTime().toString();
        return written.toLocalDate()
                + "T"
                + (time.length() == 5 ? time + ":00" : time)
                + written.getOffset();
    }

    static String text(Instant moment) {
        return text(moment.atOffset(ZoneOffset.UTC));
    }

    /// As [#DURATION] has it if it is whole and not negative, otherwise as Java has it.
    static String text(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() > 0) {
            return duration.toString();
        }
        long hours = duration.toHours();
        int minutes = duration.toMinutesPart();
        int seconds = duration.toSecondsPart();
        var text = new StringBuilder("PT");
        if (hours > 0) {
            text.append(hours).append('H');
        }
        if (minutes > 0 || (hours > 0 && seconds > 0)) {
            text.append(minutes).append('M');
        }
        if (seconds > 0 || (hours == 0 && minutes == 0)) {
            text.append(seconds).append('S');
        }
        return text.toString();
    }

    /// Parts of patterns.
    private static final class Form {
        private static final String DATE = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
        private static final String FRACTION = "(?:\\.[0-9]{1,9})?";
        private static final String TIME =
                "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9]" + FRACTION + ")?";
        private static final String CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]" + FRACTION;
        // Java's offsets end at 18 hours.
        private static final String OFFSET =
                "(?:Z|[+-](?:0[1-9]|1[0-7]):[0-5][0-9]|[+-]18:00|-00:(?:0[1-9]|[1-5][0-9])"
                        + "|\\+00:[0-5][0-9])";
        private static final String SPAN =
                "(?:[0-9]{1,6}H(?:[0-9]{1,6}M(?:[0-9]{1,6}S)?)?|[0-9]{1,6}M(?:[0-9]{1,6}S)?"
                        + "|[0-9]{1,6}S)";
    }
}
