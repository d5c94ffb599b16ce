package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.ArgumentsShape.Bound;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalInt;

/// The range that a number's constraints leave.
final class Range {

    private static final BigDecimal LARGEST = BigDecimal.valueOf(ArgumentsShape.MAX_EXACT);

    private final Problems problems;
    private final boolean whole;
    private Optional<Bound> minimum = Optional.empty();
    private Optional<Bound> maximum = Optional.empty();
    private OptionalInt fraction = OptionalInt.empty();

    Range(Problems problems, boolean whole) {
        this.problems = problems;
        this.whole = whole;
    }

    /// @return whether the constraint makes sense; if not, it has been reported
    boolean narrow(Constraint constraint) {
        return switch (constraint.name()) {
            case "Min" -> from(constraint, BigDecimal.valueOf(constraint.whole("value")), true);
            case "Max" -> upTo(constraint, BigDecimal.valueOf(constraint.whole("value")), true);
            case "DecimalMin" ->
                    number(constraint)
                            .map(value -> from(constraint, value, constraint.flag("inclusive")))
                            .orElse(false);
            case "DecimalMax" ->
                    number(constraint)
                            .map(value -> upTo(constraint, value, constraint.flag("inclusive")))
                            .orElse(false);
            case "Positive" -> from(constraint, BigDecimal.ZERO, false);
            case "PositiveOrZero" -> from(constraint, BigDecimal.ZERO, true);
            case "Negative" -> upTo(constraint, BigDecimal.ZERO, false);
            case "NegativeOrZero" -> upTo(constraint, BigDecimal.ZERO, true);
            case "Digits" -> digits(constraint);
            default -> true;
        };
    }

    Optional<ArgumentsShape> whole(Place place, long least, long most) {
        long from = Math.max(least, -ArgumentsShape.MAX_EXACT);
        long to = Math.min(most, ArgumentsShape.MAX_EXACT);
        if (minimum.isPresent()) {
            from = Math.max(from, firstWhole(minimum.get()));
        }
        if (maximum.isPresent()) {
            to = Math.min(to, lastWhole(maximum.get()));
        }
        if (from > to) {
            return problems.refuse(place, "these constraints fit no number of this type");
        }
        return Optional.of(ArgumentsShape.whole(from, to));
    }

    Optional<ArgumentsShape> decimal(Place place, boolean binary) {
        var from = minimum.orElse(new Bound(LARGEST.negate(), true));
        var to = maximum.orElse(new Bound(LARGEST, true));
        try {
            return Optional.of(new ArgumentsShape.Decimal(from, to, fraction, binary));
        } catch (IllegalArgumentException e) {
            return problems.refuse(
                    place,
                    "these constraints fit no number; without bounds of its own a number is from -"
                            + LARGEST
                            + " to "
                            + LARGEST);
        }
    }

    private static long firstWhole(Bound bound) {
        var first = bound.value().setScale(0, RoundingMode.CEILING);
        boolean next = !bound.inclusive() && first.compareTo(bound.value()) == 0;
        return first.longValueExact() + (next ? 1 : 0);
    }

    private static long lastWhole(Bound bound) {
        var last = bound.value().setScale(0, RoundingMode.FLOOR);
        boolean previous = !bound.inclusive() && last.compareTo(bound.value()) == 0;
        return last.longValueExact() - (previous ? 1 : 0);
    }

    private Optional<BigDecimal> number(Constraint constraint) {
        var number = constraint.number("value");
        return number.isPresent()
                ? number
                : problems.refuse(
                        constraint.place("value"),
                        "@" + constraint.name() + " is no number: expected one as \"12.5\"");
    }

    private boolean from(Constraint constraint, BigDecimal value, boolean inclusive) {
        if (!isExact(constraint, value)) {
            return false;
        }
        var bound = new Bound(value, inclusive);
        if (minimum.isEmpty() || order(bound, minimum.get(), false) > 0) {
            minimum = Optional.of(bound);
        }
        return true;
    }

    private boolean upTo(Constraint constraint, BigDecimal value, boolean inclusive) {
        if (!isExact(constraint, value)) {
            return false;
        }
        var bound = new Bound(value, inclusive);
        if (maximum.isEmpty() || order(bound, maximum.get(), true) < 0) {
            maximum = Optional.of(bound);
        }
        return true;
    }

    // Of two equal bounds the exclusive one is the narrower.
    private static int order(Bound one, Bound other, boolean upper) {
        int order = one.value().compareTo(other.value());
        if (order != 0 || one.inclusive() == other.inclusive()) {
            return order;
        }
        return one.inclusive() == upper ? 1 : -1;
    }

    private boolean isExact(Constraint constraint, BigDecimal value) {
        if (whole && value.abs().compareTo(LARGEST) > 0) {
            problems.refuse(
                    constraint.place("value"),
                    "@"
                            + constraint.name()
                            + " is beyond "
                            + LARGEST
                            + ", up to which every JSON"
                            + " reader agrees: narrow it, or take the number as a text");
            return false;
        }
        try {
            CanonicalJson.text(Json.of(value));
            return true;
        } catch (ManifestException e) {
            problems.refuse(
                    constraint.place("value"),
                    "@"
                            + constraint.name()
                            + " is a number that a double cannot hold as written:"
                            + " round it");
            return false;
        }
    }

    private boolean digits(Constraint constraint) {
        int integer = constraint.integer("integer");
        int behind = constraint.integer("fraction");
        int most = LARGEST.precision() - 1;
        if (integer < 0 || integer > most) {
            problems.refuse(
                    constraint.place("integer"), "@Digits: expected integer from 0 to " + most);
            return false;
        }
        if (behind < 0 || behind > ArgumentsShape.MAX_FRACTION_DIGITS) {
            problems.refuse(
                    constraint.place("fraction"),
                    "@Digits: expected fraction from 0 to " + ArgumentsShape.MAX_FRACTION_DIGITS);
            return false;
        }
        if (!whole) {
            fraction = OptionalInt.of(Math.min(behind, fraction.orElse(behind)));
        }
        var limit = BigDecimal.TEN.pow(integer);
        return from(constraint, limit.negate(), false) && upTo(constraint, limit, false);
    }
}
