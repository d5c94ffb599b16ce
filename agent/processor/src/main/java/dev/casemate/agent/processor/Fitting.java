package dev.casemate.agent.processor;

import dev.casemate.agent.processor.ConstraintRule.Subject;
import dev.casemate.agent.sdk.ArgumentsShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Fits constraints to a shape. A constraint that says nothing of the type, that nothing can
/// satisfy, or that neither the schema nor the validator could hold does not compile: none is
/// dropped.
final class Fitting {

    private final Problems problems;

    Fitting(Problems problems) {
        this.problems = problems;
    }

    Optional<ArgumentsShape> text(Place place, List<Constraint> constraints) {
        var size = new Sizes(ArgumentsShape.DEFAULT_MAX_LENGTH, ArgumentsShape.MAX_LENGTH);
        boolean filled = false;
        var patterns = new ArrayList<Pattern>();
        boolean fits = belong(constraints, Subject.TEXT, "a text");
        for (var constraint : constraints) {
            switch (constraint.name()) {
                case "NotBlank" -> {
                    filled = true;
                    size.atLeast(1);
                }
                case "NotEmpty" -> size.atLeast(1);
                case "Size" -> fits &= sizes(constraint, size);
                case "Pattern" -> {
                    var pattern = pattern(constraint);
                    fits &= pattern.isPresent();
                    pattern.ifPresent(patterns::add);
                }
                default -> {}
            }
        }
        if (!fits || !satisfiable(place, size)) {
            return Optional.empty();
        }
        return Optional.of(new ArgumentsShape.Text(size.min, size.max(), filled, patterns));
    }

    Optional<ArgumentsShape> list(Place place, ArgumentsShape items, List<Constraint> constraints) {
        var size = new Sizes(ArgumentsShape.DEFAULT_MAX_ITEMS, ArgumentsShape.MAX_ITEMS);
        boolean fits = belong(constraints, Subject.LIST, "a list");
        for (var constraint : constraints) {
            switch (constraint.name()) {
                case "NotEmpty" -> size.atLeast(1);
                case "Size" -> fits &= sizes(constraint, size);
                default -> {}
            }
        }
        if (!fits || !satisfiable(place, size)) {
            return Optional.empty();
        }
        return Optional.of(ArgumentsShape.list(items, size.min, size.max()));
    }

    Optional<ArgumentsShape> flag(Place place, List<Constraint> constraints) {
        if (!belong(constraints, Subject.FLAG, "a boolean")) {
            return Optional.empty();
        }
        var names = constraints.stream().map(Constraint::name).toList();
        boolean yes = names.contains("AssertTrue");
        if (!yes && !names.contains("AssertFalse")) {
            return Optional.of(ArgumentsShape.flag());
        }
        return yes && names.contains("AssertFalse")
                ? problems.refuse(place, "these constraints fit neither true nor false")
                : Optional.of(ArgumentsShape.flag(yes));
    }

    /// @param least the smallest value of the Java type
    /// @param most the largest
    Optional<ArgumentsShape> whole(
            Place place, List<Constraint> constraints, long least, long most) {
        var range = new Range(problems, true);
        return narrow(range, constraints) ? range.whole(place, least, most) : Optional.empty();
    }

    /// @param binary whether the Java type is a `double`
    Optional<ArgumentsShape> decimal(Place place, List<Constraint> constraints, boolean binary) {
        var range = new Range(problems, false);
        return narrow(range, constraints) ? range.decimal(place, binary) : Optional.empty();
    }

    private boolean narrow(Range range, List<Constraint> constraints) {
        boolean fits = belong(constraints, Subject.NUMBER, "a number");
        for (var constraint : constraints) {
            fits &= range.narrow(constraint);
        }
        return fits;
    }

    /// For types that have no constraint of their own.
    ///
    /// @param what how a message names the type
    boolean none(List<Constraint> constraints, String what) {
        return belong(constraints, Subject.OTHER, what);
    }

    /// Whether each constraint says something of that type, to every call.
    private boolean belong(List<Constraint> constraints, Subject subject, String what) {
        int before = problems.count();
        for (var constraint : constraints) {
            var name = "@" + constraint.name() + " ";
            var misfit = ConstraintRule.misfit(constraint, subject, what);
            if (!misfit.isEmpty()) {
                problems.refuse(constraint.place(), name + misfit);
            }
            if (!constraint.isEmpty("groups")) {
                problems.refuse(
                        constraint.place("groups"),
                        name + "has groups, but a call is always checked in full");
            }
        }
        return problems.count() == before;
    }

    private Optional<Pattern> pattern(Constraint constraint) {
        if (!constraint.isEmpty("flags")) {
            return problems.refuse(
                    constraint.place("flags"),
                    "@Pattern has flags, which a schema has not: write the pattern without them");
        }
        var source = constraint.text("regexp");
        try {
            Pattern.compile(source);
            return Optional.of(Pattern.compile(PortablePattern.of(source)));
        } catch (java.util.regex.PatternSyntaxException e) {
            return problems.refuse(
                    constraint.place("regexp"),
                    "@Pattern is no regular expression: " + e.getDescription());
        } catch (IllegalArgumentException e) {
            return problems.refuse(constraint.place("regexp"), "@Pattern " + e.getMessage());
        }
    }

    private boolean sizes(Constraint constraint, Sizes size) {
        int min = constraint.integer("min");
        int max = constraint.integer("max");
        if (min < 0 || max < min) {
            problems.refuse(constraint.place(), "@Size fits nothing: expected 0 <= min <= max");
            return false;
        }
        if (max != Integer.MAX_VALUE && max > size.highestMax) {
            problems.refuse(
                    constraint.place("max"),
                    "@Size is too large to bound anything: expected at most " + size.highestMax);
            return false;
        }
        size.atLeast(min);
        if (max != Integer.MAX_VALUE) {
            size.atMost(max);
        }
        return true;
    }

    private boolean satisfiable(Place place, Sizes size) {
        if (size.min > size.max()) {
            problems.refuse(
                    place,
                    "these constraints fit nothing: expected at least "
                            + size.min
                            + " and at most "
                            + size.max()
                            + (size.explicitMax
                                    ? ""
                                    : ", the maximum where none is given: give one with @Size"));
            return false;
        }
        return true;
    }

    /// How long or how many.
    private static final class Sizes {
        private final int highestMax;
        private int min;
        private int max;
        private boolean explicitMax;

        private Sizes(int defaultMax, int highestMax) {
            this.max = defaultMax;
            this.highestMax = highestMax;
        }

        private void atLeast(int least) {
            min = Math.max(min, least);
        }

        private void atMost(int most) {
            max = explicitMax ? Math.min(max, most) : most;
            explicitMax = true;
        }

        private int max() {
            return max;
        }
    }
}
