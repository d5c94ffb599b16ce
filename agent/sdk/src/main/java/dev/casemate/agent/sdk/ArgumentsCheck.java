package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ArgumentsShape.Bound;
import dev.casemate.agent.sdk.ArgumentsShape.Choice;
import dev.casemate.agent.sdk.ArgumentsShape.Decimal;
import dev.casemate.agent.sdk.ArgumentsShape.Flag;
import dev.casemate.agent.sdk.ArgumentsShape.Formatted;
import dev.casemate.agent.sdk.ArgumentsShape.Kind;
import dev.casemate.agent.sdk.ArgumentsShape.Member;
import dev.casemate.agent.sdk.ArgumentsShape.Sequence;
import dev.casemate.agent.sdk.ArgumentsShape.Structure;
import dev.casemate.agent.sdk.ArgumentsShape.Text;
import dev.casemate.agent.sdk.ArgumentsShape.Union;
import dev.casemate.agent.sdk.ArgumentsShape.Whole;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Holds arguments against their shape and collects what is wrong, so that the model can repair its
/// call at once.
///
/// A violation names the JSON Pointer of an argument that the agent declares and what it must be.
/// It repeats nothing that the model sent, not even the name of a member that nobody knows.
final class ArgumentsCheck {

    /// More would not help the model, and would let it choose how much is written.
    static final int MAX_VIOLATIONS = 10;

    private final List<String> violations = new ArrayList<>();

    private ArgumentsCheck() {}

    /// One sentence per violation, at most [#MAX_VIOLATIONS]; empty if the arguments hold.
    static List<String> violations(ArgumentsShape shape, Json arguments) {
        var check = new ArgumentsCheck();
        check.value(shape, arguments, ArgumentsPlace.ALL);
        return List.copyOf(check.violations);
    }

    private void value(ArgumentsShape shape, Json json, ArgumentsPlace place) {
        switch (shape) {
            case Text text -> text(text, json, place);
            case Whole whole -> whole(whole, json, place);
            case Decimal decimal -> decimal(decimal, json, place);
            case Formatted(var format) ->
                    require(
                            json instanceof Json.Str(var text) && format.fits(text),
                            place,
                            format.described());
            case Flag(var only) ->
                    require(
                            json instanceof Json.Bool(var flag)
                                    && only.map(value -> value == flag).orElse(true),
                            place,
                            only.map(String::valueOf).orElse("true or false"));
            case Choice choice -> choice(choice, json, place);
            case Sequence sequence -> sequence(sequence, json, place);
            case Structure structure -> structure(structure, json, place);
            case Union union -> union(union, json, place);
        }
    }

    private void text(Text shape, Json json, ArgumentsPlace place) {
        if (!(json instanceof Json.Str(var text))) {
            violated(place, "must be a string");
            return;
        }
        int length = text.codePointCount(0, text.length());
        if (length < shape.minLength() || length > shape.maxLength()) {
            // The patterns see only what is short enough.
            violated(
                    place,
                    "must have "
                            + range(shape.minLength(), shape.maxLength())
                            + " characters, not "
                            + length);
            return;
        }
        if (shape.notBlank() && text.chars().noneMatch(c -> c > ' ')) {
            violated(place, "must not be blank");
        }
        for (var pattern : shape.patterns()) {
            switch (ArgumentsMatch.of(pattern, text)) {
                case YES -> {}
                case NO -> violated(place, "must match " + ArgumentsSchema.anchored(pattern));
                case TOO_COSTLY -> violated(place, "cost too much to match: shorten it");
            }
        }
    }

    private void whole(Whole shape, Json json, ArgumentsPlace place) {
        // Num holds its value without trailing zeros, so a positive scale is a fraction.
        if (!(json instanceof Json.Num(var number)
                && number.scale() <= 0
                && number.compareTo(BigDecimal.valueOf(shape.minimum())) >= 0
                && number.compareTo(BigDecimal.valueOf(shape.maximum())) <= 0)) {
            violated(
                    place,
                    "must be a whole number from " + shape.minimum() + " to " + shape.maximum());
        }
    }

    private void decimal(Decimal shape, Json json, ArgumentsPlace place) {
        if (!(json instanceof Json.Num(var number)
                && isReadable(number)
                && within(shape, number)
                && (!shape.binary() || staysWithin(shape, number.doubleValue()))
                && number.scale() <= shape.fractionDigits().orElse(Integer.MAX_VALUE))) {
            violated(place, "must be " + described(shape));
        }
    }

    // What JsonReader lets through; a tree that came from elsewhere may hold more.
    private static boolean isReadable(BigDecimal number) {
        return number.precision() <= JsonReader.MAX_NUMBER_CHARS
                && Math.abs((long) number.precision() - number.scale()) <= JsonReader.MAX_EXPONENT;
    }

    private static boolean within(Decimal shape, BigDecimal number) {
        int fromMinimum = number.compareTo(shape.minimum().value());
        int fromMaximum = number.compareTo(shape.maximum().value());
        return (shape.minimum().inclusive() ? fromMinimum >= 0 : fromMinimum > 0)
                && (shape.maximum().inclusive() ? fromMaximum <= 0 : fromMaximum < 0);
    }

    // Rounding keeps the order, so it steps over no end that belongs to the range.
    private static boolean staysWithin(Decimal shape, double rounded) {
        return (shape.minimum().inclusive() || rounded > shape.minimum().value().doubleValue())
                && (shape.maximum().inclusive() || rounded < shape.maximum().value().doubleValue());
    }

    private static String described(Decimal shape) {
        var text = new StringBuilder("a number ");
        text.append(shape.minimum().inclusive() ? "of at least " : "above ");
        text.append(plain(shape.minimum()));
        text.append(shape.maximum().inclusive() ? " and at most " : " and below ");
        text.append(plain(shape.maximum()));
        shape.fractionDigits()
                .ifPresent(digits ->
                        text.append(", with at most ")
                                .append(digits)
                                .append(" digits behind the point"));
        return text.toString();
    }

    private static String plain(Bound bound) {
        return Json.of(bound.value()).text();
    }

    private void choice(Choice shape, Json json, ArgumentsPlace place) {
        if (!(json instanceof Json.Str(var word) && shape.words().contains(word))) {
            violated(place, "must be one of " + String.join(", ", shape.words()));
        }
    }

    private void sequence(Sequence shape, Json json, ArgumentsPlace place) {
        if (!(json instanceof Json.Arr(var items))) {
            violated(place, "must be an array");
            return;
        }
        if (items.size() < shape.minItems() || items.size() > shape.maxItems()) {
            violated(
                    place,
                    "must have "
                            + range(shape.minItems(), shape.maxItems())
                            + " items, not "
                            + items.size());
            return;
        }
        for (int i = 0; i < items.size() && !isFull(); i++) {
            value(shape.items(), items.get(i), place.item(i));
        }
    }

    private void structure(Structure shape, Json json, ArgumentsPlace place) {
        if (!(json instanceof Json.Obj object)) {
            violated(place, "must be an object");
            return;
        }
        int known = 0;
        for (var member : shape.members()) {
            var value = object.get(member.name());
            known += value.isPresent() ? 1 : 0;
            member(member, value.orElse(new Json.Null()), place.member(member.name()));
        }
        if (known < object.members().size()) {
            var names = shape.members().stream().map(Member::name).toList();
            violated(
                    place,
                    names.isEmpty()
                            ? "must have no members"
                            : "must have no other members than " + String.join(", ", names));
        }
    }

    // Only of the chosen kind: what the others want would send the model astray.
    private void union(Union shape, Json json, ArgumentsPlace place) {
        if (!(json instanceof Json.Obj object)) {
            violated(
                    place,
                    "must be an object whose "
                            + ArgumentsShape.KIND
                            + " is one of "
                            + words(shape));
            return;
        }
        var chosen = object.text(ArgumentsShape.KIND);
        for (var kind : shape.kinds()) {
            if (chosen.equals(Optional.of(kind.word()))) {
                structure(kind.whole(), json, place);
                return;
            }
        }
        violated(place.member(ArgumentsShape.KIND), "must be one of " + words(shape));
    }

    private static String words(Union shape) {
        return String.join(", ", shape.kinds().stream().map(Kind::word).toList());
    }

    private void member(Member member, Json value, ArgumentsPlace place) {
        if (!(value instanceof Json.Null)) {
            value(member.shape(), value, place);
        } else if (member.required()) {
            violated(place, "is required");
        }
    }

    private static String range(int from, int to) {
        return from == to ? "exactly " + from : "from " + from + " to " + to;
    }

    private void require(boolean holds, ArgumentsPlace place, String what) {
        if (!holds) {
            violated(place, "must be " + what);
        }
    }

    private boolean isFull() {
        return violations.size() == MAX_VIOLATIONS;
    }

    private void violated(ArgumentsPlace place, String constraint) {
        if (!isFull()) {
            violations.add(place + " " + constraint);
        }
    }
}
