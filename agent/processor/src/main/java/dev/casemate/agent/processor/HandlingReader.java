package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.ArgumentsFormat;
import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.RequiresApproval;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.agent.sdk.Trusted;
import dev.casemate.manifest.Exposure;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;

/// Reads what is done around a call of a tool, besides checking its arguments.
final class HandlingReader {

    private final Problems problems;

    HandlingReader(Problems problems) {
        this.problems = problems;
    }

    /// @param arguments all that the model gives
    /// @return empty if anything in it does not compile; that has been reported
    Optional<ToolSpec.Handling> read(
            ExecutableElement method,
            AnnotationMirror mirror,
            List<Argument> arguments,
            Result result) {
        int before = problems.count();
        var tool = method.getAnnotation(Tool.class);
        var exposures = exposures(method, mirror, tool, result);
        var timeout =
                time(Place.of(method, mirror, "timeoutSeconds"), "a call", tool.timeoutSeconds());
        var approval =
                Mirrors.find(method, RequiresApproval.class)
                        .flatMap(approvalMirror ->
                                time(
                                        Place.of(method, approvalMirror, "seconds"),
                                        "a human's time",
                                        method.getAnnotation(RequiresApproval.class).seconds()));
        var trusted = trusted(method, arguments);
        return problems.count() > before
                ? Optional.empty()
                : timeout.map(time -> new ToolSpec.Handling(exposures, time, approval, trusted));
    }

    private Set<Exposure> exposures(
            ExecutableElement method, AnnotationMirror mirror, Tool tool, Result result) {
        var items = Mirrors.items(mirror, "exposes");
        var exposures = new HashSet<Exposure>();
        for (int i = 0; i < items.size(); i++) {
            if (!exposures.add(tool.exposes()[i])) {
                problems.refuse(
                        Place.of(method, mirror).at(items.get(i)), "expected each exposure once");
            }
        }
        if (Mirrors.written(mirror, "exposes").isPresent()) {
            return exposures;
        }
        // Who says nothing counts as both, unless nothing from elsewhere can come back.
        return tool.destinations().length > 0 && result.type().isPresent()
                ? Set.of(tool.exposes())
                : Set.of();
    }

    private Optional<Duration> time(Place place, String what, int seconds) {
        return seconds < 1 || seconds > ToolSpec.Handling.MAX_SECONDS
                ? problems.refuse(
                        place,
                        what
                                + " ends: expected from 1 to "
                                + ToolSpec.Handling.MAX_SECONDS
                                + " seconds")
                : Optional.of(Duration.ofSeconds(seconds));
    }

    private List<String> trusted(ExecutableElement method, List<Argument> arguments) {
        var trusted = new ArrayList<String>();
        for (var parameter : method.getParameters()) {
            Mirrors.find(parameter, Trusted.class)
                    .ifPresent(mirror -> {
                        if (holdsNoText(parameter, arguments)) {
                            problems.refuse(
                                    Place.of(parameter, mirror),
                                    "there is no text in this argument that could have come from"
                                            + " another tool: remove @Trusted");
                        }
                        trusted.add(parameter.getSimpleName().toString());
                    });
        }
        return trusted;
    }

    // One that could not be read has been reported.
    private static boolean holdsNoText(VariableElement parameter, List<Argument> arguments) {
        return TypeWalk.isKey(parameter.asType())
                || arguments.stream()
                        .filter(it -> parameter.getSimpleName().contentEquals(it.name()))
                        .anyMatch(it -> !holdsText(it.shape()));
    }

    // The constants of an enum are the developer's own words, and the run loop compares letters:
    // dates and durations have none.
    private static boolean holdsText(ArgumentsShape shape) {
        return switch (shape) {
            case ArgumentsShape.Text _ -> true;
            case ArgumentsShape.Formatted(var format) -> format == ArgumentsFormat.UUID;
            case ArgumentsShape.Sequence list -> holdsText(list.items());
            case ArgumentsShape.Structure structure ->
                    structure.members().stream().anyMatch(member -> holdsText(member.shape()));
            case ArgumentsShape.Union union ->
                    union.kinds().stream().anyMatch(kind -> holdsText(kind.whole()));
            case ArgumentsShape.Whole _,
                    ArgumentsShape.Decimal _,
                    ArgumentsShape.Flag _,
                    ArgumentsShape.Choice _ ->
                    false;
        };
    }
}
