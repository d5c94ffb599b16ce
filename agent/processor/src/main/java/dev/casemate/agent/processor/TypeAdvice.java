package dev.casemate.agent.processor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What to use in place of types that somebody reaches for, and why.
final class TypeAdvice {

    private static final Map<String, String> BY_NAME = advice();

    private static Map<String, String> advice() {
        var advice = new HashMap<String, String>();
        var moment = "use an Instant, an OffsetDateTime or a LocalDate";
        advice.put(
                "java.time.LocalDateTime",
                "nobody knows whose clock a LocalDateTime is read from: use an Instant or an"
                        + " OffsetDateTime, or a LocalDate and a LocalTime");
        advice.put("java.time.ZonedDateTime", "the rules of time zones change: " + moment);
        advice.put("java.time.OffsetTime", "an offset holds on one day only: " + moment);
        advice.put("java.util.Date", "a Date does not say what it counts: " + moment);
        advice.put("java.util.Calendar", "a Calendar does not say what it counts: " + moment);
        advice.put("java.sql.Timestamp", "a Timestamp does not say whose clock: " + moment);
        advice.put("java.lang.Character", "a Character is half a character: use a String");
        advice.put("java.util.Set", "a Set has no order and drops what comes twice: use a List");
        advice.put(
                "java.util.Map",
                "a Map has no names that could be checked: use a record, or a List of records");
        for (var future : ResultReader.FUTURES) {
            advice.put(future, "only a whole result may come later");
        }
        for (var kind : List.of("Int", "Long", "Double")) {
            advice.put(
                    "java.util.Optional" + kind,
                    "expected Optional<Integer>, <Long> or <Double> instead");
        }
        return Map.copyOf(advice);
    }

    private TypeAdvice() {}

    static Optional<String> on(String qualifiedName) {
        return Optional.ofNullable(BY_NAME.get(qualifiedName));
    }
}
