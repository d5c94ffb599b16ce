package dev.casemate.proxy.console;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.util.ArrayList;
import java.util.List;

/// How the records of a container are told.
final class ContainerMoment {

    private ContainerMoment() {}

    static String headline(Kind kind, Json.Obj body) {
        var container =
                "container %s, attempt %s"
                        .formatted(
                                Moment.word(body, "launch").orElse("without a name"),
                                Moment.word(body, "attempt").orElse("not recorded"));
        return switch (kind) {
            case CONTAINER_STARTED ->
                    "%s of %s: starts"
                            .formatted(
                                    container,
                                    Moment.word(body, "attempts").orElse("not recorded"));
            case CONTAINER_ENDED ->
                    "%s: ended, %s%s, exit code %s, after %s ms"
                            .formatted(
                                    container,
                                    Moment.word(body, "reason").orElse("reason not recorded"),
                                    Moment.word(body, "limit")
                                            .map(limit -> " (limit " + limit + ")")
                                            .orElse(""),
                                    Moment.word(body, "exitCode").orElse("not recorded"),
                                    Moment.word(body, "durationMillis").orElse("?"));
            case CONTAINER_LOG ->
                    "%s: %d lines, %s dropped before them"
                            .formatted(
                                    container,
                                    Moment.items(body, "lines").size(),
                                    Moment.word(body, "dropped").orElse("an unknown number"));
            case PROMPT, ANSWER, REFUSAL, RUN_EVENT, SPANS ->
                    throw new IllegalArgumentException("expected a record of a container");
        };
    }

    /// What was seen, what was measured, what was printed; empty for records of something else.
    static List<String> details(Kind kind, Json.Obj body) {
        var details = new ArrayList<String>();
        switch (kind) {
            case CONTAINER_STARTED -> {
                Moment.word(body, "image").ifPresent(image -> details.add("image: " + image));
                Moment.word(body, "work").ifPresent(work -> details.add("work: " + work));
                members(body, "limits", details);
                Moment.items(body, "controlsOff")
                        .forEach(control -> details.add("SWITCHED OFF: " + Moment.plain(control)));
            }
            case CONTAINER_ENDED -> {
                Moment.items(body, "seen")
                        .forEach(sentence -> details.add("seen: " + Moment.plain(sentence)));
                members(body, "meters", details);
                Moment.word(body, "droppedLines")
                        .filter(count -> !count.equals("0"))
                        .ifPresent(count -> details.add("lines not on record: " + count));
                Moment.word(body, "startsAgain")
                        .filter(again -> again.equals("true"))
                        .ifPresent(_ -> details.add("it is started again"));
            }
            case CONTAINER_LOG -> {
                for (var item : Moment.items(body, "lines")) {
                    if (item instanceof Json.Obj line) {
                        details.add(
                                "%s: %s"
                                        .formatted(
                                                Moment.word(line, "stream").orElse("?"),
                                                Moment.word(line, "text").orElse("")));
                    }
                }
            }
            case PROMPT, ANSWER, REFUSAL, RUN_EVENT, SPANS -> {}
        }
        return details;
    }

    private static void members(Json.Obj body, String name, List<String> details) {
        var told = new StringBuilder(name).append(':');
        var object = Moment.object(body, name);
        object.ifPresent(values ->
                values.members()
                        .keySet()
                        .forEach(member ->
                                Moment.word(values, member)
                                        .ifPresent(value ->
                                                told.append(' ')
                                                        .append(member)
                                                        .append('=')
                                                        .append(value))));
        if (object.isPresent()) {
            details.add(told.toString());
        }
    }
}
