package dev.casemate.proxy.console;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.Stored;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.FinopsException;
import dev.casemate.proxy.finops.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One ledger record, told in a line.
///
/// What a record does not have, or has in another form, is left out: a timeline shows what is
/// there.
///
/// @param headline what happened
/// @param details verdict, findings, tools, reasons
/// @param concern how it went
/// @param usage tokens, none unless it is an answer
record Moment(
        Stored stored,
        String headline,
        List<String> details,
        Concern concern,
        Usage usage,
        Cost cost) {

    /// Whether somebody should look.
    enum Concern {
        NONE,
        WARNED,
        REFUSED
    }

    Moment {
        details = List.copyOf(details);
    }

    static Moment of(Stored stored) {
        var body = stored.entry().body();
        var details = new ArrayList<String>();
        word(body, "code").ifPresent(code -> details.add("code: " + code));
        body.text("detail").ifPresent(detail -> details.add("detail: " + detail));
        body.text("traceparent").ifPresent(trace -> details.add("trace: " + trace));
        object(body, "verdict").ifPresent(verdict -> addVerdict(verdict, details));
        addTools(body, details);
        details.addAll(ContainerMoment.details(stored.entry().kind(), body));
        body.text("finishReason").ifPresent(reason -> details.add("finish reason: " + reason));
        return new Moment(
                stored,
                headline(stored, body),
                details,
                concern(stored, body),
                usage(body),
                cost(body));
    }

    private static String headline(Stored stored, Json.Obj body) {
        return switch (stored.entry().kind()) {
            case PROMPT ->
                    "prompt to %s by %s"
                            .formatted(
                                    word(body, "model").orElse("an unnamed model"),
                                    word(body, "upstream").orElse("an unnamed upstream"));
            case ANSWER ->
                    "%s, status %s, %s"
                            .formatted(
                                    word(body, "outcome").orElse("outcome not recorded"),
                                    word(body, "status").orElse("not recorded"),
                                    latency(body));
            case REFUSAL ->
                    "refused on %s, status %s"
                            .formatted(
                                    word(body, "route").orElse("an unnamed route"),
                                    word(body, "status").orElse("not recorded"));
            case RUN_EVENT ->
                    "%s: %s"
                            .formatted(
                                    word(body, "source").orElse("unknown source"),
                                    object(body, "event").map(Moment::event).orElse("event"));
            case SPANS ->
                    "%s spans of trace %s"
                            .formatted(
                                    word(body, "spans").orElse("an unknown number of"),
                                    word(body, "trace").orElse("not recorded"));
            case CONTAINER_STARTED, CONTAINER_LOG, CONTAINER_ENDED ->
                    ContainerMoment.headline(stored.entry().kind(), body);
        };
    }

    private static String latency(Json.Obj body) {
        return number(body, "latencyMicros")
                .map(micros -> micros.movePointLeft(3).toPlainString() + " ms")
                .orElse("latency not recorded");
    }

    /// The event's name, then its members that are plain values.
    private static String event(Json.Obj event) {
        var told = new StringBuilder(word(event, "event").orElse("event"));
        event.members().keySet().stream()
                .filter(name -> !name.equals("event"))
                .forEach(name ->
                        word(event, name)
                                .ifPresent(value ->
                                        told.append(' ').append(name).append('=').append(value)));
        return told.toString();
    }

    private static void addVerdict(Json.Obj verdict, List<String> details) {
        word(verdict, "action").ifPresent(action -> details.add("verdict: " + action));
        for (var finding : items(verdict, "findings")) {
            if (finding instanceof Json.Obj found) {
                details.add(
                        "%s %s, rule %s, in %s at %s: %s"
                                .formatted(
                                        word(found, "action").orElse("?"),
                                        word(found, "category").orElse("?"),
                                        word(found, "rule").orElse("?"),
                                        word(found, "source").orElse("?"),
                                        word(found, "place").orElse("?"),
                                        word(found, "evidence").orElse("?")));
            }
        }
    }

    private static void addTools(Json.Obj body, List<String> details) {
        var refused = names(items(body, "tools"));
        if (!refused.isEmpty()) {
            details.add("tools refused: " + refused);
        }
        var called = names(items(body, "toolCalls"));
        if (!called.isEmpty()) {
            details.add("tools called: " + called);
        }
    }

    private static String names(List<Json> items) {
        return String.join(", ", items.stream().map(Moment::plain).toList());
    }

    private static Concern concern(Stored stored, Json.Obj body) {
        var words = new ArrayList<String>();
        word(body, "outcome").ifPresent(words::add);
        object(body, "verdict").flatMap(v -> word(v, "action")).ifPresent(words::add);
        object(body, "event").flatMap(e -> word(e, "outcome")).ifPresent(words::add);
        return switch (stored.entry().kind()) {
            case REFUSAL -> Concern.REFUSED;
            case CONTAINER_STARTED ->
                    items(body, "controlsOff").isEmpty() ? Concern.NONE : Concern.WARNED;
            case CONTAINER_ENDED ->
                    word(body, "reason").equals(Optional.of("completed"))
                            ? Concern.NONE
                            : Concern.WARNED;
            case PROMPT, ANSWER, RUN_EVENT, SPANS, CONTAINER_LOG -> {
                if (words.stream().anyMatch(List.of("block", "blocked", "refused")::contains)) {
                    yield Concern.REFUSED;
                }
                boolean well = List.of("pass", "answered").containsAll(words);
                yield well ? Concern.NONE : Concern.WARNED;
            }
        };
    }

    private static Usage usage(Json.Obj body) {
        try {
            return object(body, "usage").map(Usage::read).orElse(Usage.NONE);
        } catch (FinopsException e) {
            return Usage.NONE;
        }
    }

    private static Cost cost(Json.Obj body) {
        try {
            return body.text("costNanoUsd").map(Long::parseLong).map(Cost::new).orElse(Cost.ZERO);
        } catch (NumberFormatException | FinopsException e) {
            return Cost.ZERO;
        }
    }

    static Optional<Json.Obj> object(Json.Obj json, String name) {
        return json.get(name).filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast);
    }

    static List<Json> items(Json.Obj json, String name) {
        return json.get(name).orElse(null) instanceof Json.Arr(var items) ? items : List.of();
    }

    private static Optional<BigDecimal> number(Json.Obj json, String name) {
        return json.get(name).filter(Json.Num.class::isInstance).map(n -> ((Json.Num) n).value());
    }

    /// A member that is a plain value, as text.
    static Optional<String> word(Json.Obj json, String name) {
        return json.get(name)
                .filter(value -> !(value instanceof Json.Obj || value instanceof Json.Arr))
                .map(Moment::plain);
    }

    static String plain(Json value) {
        return value instanceof Json.Str(var text) ? text : value.text();
    }
}
