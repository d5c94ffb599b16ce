package dev.casemate.agent.processor;

import dev.casemate.agent.processor.AgentModel.ToolModel;
import dev.casemate.agent.processor.ArgumentType.Argument;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;

/// Reads the methods of an agent that are tools.
final class ToolReader {

    private final Problems problems;
    private final ArgumentTypes arguments;
    private final ResultTypes results;
    private final Set<String> destinations;
    private final Set<String> names = new HashSet<>();

    /// @param destinations those that the agent declares
    ToolReader(
            Problems problems,
            ArgumentTypes arguments,
            ResultTypes results,
            Set<String> destinations) {
        this.problems = problems;
        this.arguments = arguments;
        this.results = results;
        this.destinations = Set.copyOf(destinations);
    }

    Optional<ToolModel> read(ExecutableElement method, AnnotationMirror mirror) {
        var tool = method.getAnnotation(Tool.class);
        boolean callable = isCallable(method);
        boolean named = isNamed(method, mirror, tool);
        boolean placed = isPlaced(method, mirror, tool);
        var read = new ArrayList<Argument>();
        for (var parameter : method.getParameters()) {
            arguments.parameter(parameter).ifPresent(read::add);
        }
        var result = results.of(method).filter(type -> isConsistent(method, mirror, tool, type));
        if (!callable
                || !named
                || !placed
                || result.isEmpty()
                || read.size() < method.getParameters().size()) {
            return Optional.empty();
        }
        return spec(method, mirror, tool, read, result.get())
                .map(spec -> new ToolModel(method, spec, List.copyOf(read), result.get()));
    }

    private boolean isCallable(ExecutableElement method) {
        var place = Place.of(method);
        boolean callable = true;
        for (var modifier : List.of(Modifier.PRIVATE, Modifier.STATIC, Modifier.ABSTRACT)) {
            if (method.getModifiers().contains(modifier)) {
                problems.refuse(
                        place,
                        "a tool may not be "
                                + modifier
                                + ": the tool set calls it on an agent, from the same package");
                callable = false;
            }
        }
        if (!method.getTypeParameters().isEmpty()) {
            problems.refuse(place, "a tool may not be generic: name its types");
            callable = false;
        }
        return callable;
    }

    private boolean isNamed(ExecutableElement method, AnnotationMirror mirror, Tool tool) {
        boolean named = true;
        if (!names.add(tool.name())) {
            problems.refuse(
                    Place.of(method, mirror, "name"),
                    "another tool has this name: expected each name once");
            named = false;
        }
        if (tool.description().isBlank()) {
            problems.refuse(
                    Place.of(method, mirror, "description"),
                    "the description is blank: say what the tool does, the model reads nothing"
                            + " else");
            named = false;
        }
        return named;
    }

    private boolean isPlaced(ExecutableElement method, AnnotationMirror mirror, Tool tool) {
        boolean placed = true;
        var seen = new HashSet<String>();
        var items = Mirrors.items(mirror, "destinations");
        for (int i = 0; i < items.size(); i++) {
            var place = Place.of(method, mirror).at(items.get(i));
            var name = tool.destinations()[i];
            if (!destinations.contains(name)) {
                problems.refuse(
                        place,
                        "the agent has no such destination: declare it in @Agent(destinations)");
                placed = false;
            }
            if (!seen.add(name)) {
                problems.refuse(place, "expected each destination once");
                placed = false;
            }
        }
        return placed;
    }

    private boolean isConsistent(
            ExecutableElement method, AnnotationMirror mirror, Tool tool, ResultType result) {
        var place = Place.of(method, mirror, "effect");
        if (tool.effect() == Effect.READ && result instanceof ResultType.Nothing) {
            problems.refuse(
                    place,
                    "a tool that reads and returns nothing does nothing: return what it read, or"
                            + " make its effect WRITE");
            return false;
        }
        if (tool.effect() == Effect.WRITE && tool.destinations().length == 0) {
            problems.refuse(
                    place,
                    "a tool that writes has a destination: name it, or make the effect READ");
            return false;
        }
        return true;
    }

    private static ToolSpec.Handling handling(
            AnnotationMirror mirror, Tool tool, ResultType result) {
        // Who says nothing counts as both, unless nothing from elsewhere can come back.
        boolean counts =
                Mirrors.written(mirror, "exposes").isPresent()
                        || (tool.destinations().length > 0
                                && !(result instanceof ResultType.Nothing));
        return new ToolSpec.Handling(
                counts ? Set.of(tool.exposes()) : Set.of(),
                Duration.ofSeconds(tool.timeoutSeconds()),
                Optional.empty(),
                List.of());
    }

    private Optional<ToolSpec> spec(
            ExecutableElement method,
            AnnotationMirror mirror,
            Tool tool,
            List<Argument> read,
            ResultType result) {
        try {
            return Optional.of(
                    new ToolSpec(
                            tool.name(),
                            tool.description(),
                            tool.effect(),
                            List.of(tool.destinations()),
                            handling(mirror, tool, result),
                            ArgumentType.shape(read).schema()));
        } catch (ManifestException e) {
            return problems.refuse(
                    Place.of(method, mirror, "name"), "not the name of a tool: " + e.getMessage());
        }
    }
}
