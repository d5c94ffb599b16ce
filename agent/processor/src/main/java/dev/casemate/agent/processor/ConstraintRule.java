package dev.casemate.agent.processor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What is decided of each constraint of Jakarta Validation: which types it constrains, in schema
/// and check alike, or what to write instead.
///
/// @param subjects what it constrains
/// @param instead why it constrains nothing, and what to do; empty if it does
record ConstraintRule(Set<Subject> subjects, String instead) {

    /// What a constraint can be on.
    enum Subject {
        TEXT,
        NUMBER,
        FLAG,
        LIST,
        /// Dates, enums, records: their type says it all.
        OTHER
    }

    private static final String CLOCK =
            "depends on the clock, which a schema has not: compare with a Clock in the tool, and"
                    + " throw a GuardException that says what is expected";

    /// By simple name; in the order in which a message lists them.
    static final Map<String, ConstraintRule> ALL = all();

    private static Map<String, ConstraintRule> all() {
        var all = new LinkedHashMap<String, ConstraintRule>();
        // Everything but an Optional is required anyway.
        all.put("NotNull", on(Subject.values()));
        all.put("NotBlank", on(Subject.TEXT));
        all.put("NotEmpty", on(Subject.TEXT, Subject.LIST));
        all.put("Size", on(Subject.TEXT, Subject.LIST));
        all.put("Pattern", on(Subject.TEXT));
        for (var name :
                List.of(
                        "Min",
                        "Max",
                        "DecimalMin",
                        "DecimalMax",
                        "Positive",
                        "PositiveOrZero",
                        "Negative",
                        "NegativeOrZero",
                        "Digits")) {
            all.put(name, on(Subject.NUMBER));
        }
        all.put("AssertTrue", on(Subject.FLAG));
        all.put("AssertFalse", on(Subject.FLAG));
        all.put(
                "Email",
                never(
                        "has no exact meaning in a schema: use @Pattern with the addresses that you"
                                + " accept, for example [a-z0-9.]{1,64}@example\\.com"));
        all.put("Null", never("leaves nothing to say: take the argument away"));
        for (var name : List.of("Past", "PastOrPresent", "Future", "FutureOrPresent")) {
            all.put(name, never(CLOCK));
        }
        return all;
    }

    private static ConstraintRule on(Subject... subjects) {
        return new ConstraintRule(Set.of(subjects), "");
    }

    private static ConstraintRule never(String instead) {
        return new ConstraintRule(Set.of(), instead);
    }

    /// @param what how a message names the type
    /// @return what is wrong with this constraint on that type; empty if nothing is
    static String misfit(Constraint constraint, Subject subject, String what) {
        if (constraint.isNullable()) {
            return "is not how an argument may be absent: use Optional";
        }
        var rule = ALL.getOrDefault(constraint.name(), never(""));
        if (rule.subjects().contains(subject)) {
            return "";
        }
        return rule.instead().isEmpty()
                ? "does not constrain " + what + ": expected " + known(subject) + " or nothing"
                : rule.instead();
    }

    private static String known(Subject subject) {
        return ALL.entrySet().stream()
                .filter(rule -> rule.getValue().subjects().contains(subject))
                .map(rule -> "@" + rule.getKey())
                .collect(Collectors.joining(", "));
    }
}
