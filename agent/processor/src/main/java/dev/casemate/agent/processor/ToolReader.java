package dev.casemate.agent.processor;

import dev.casemate.agent.processor.AgentModel.ToolModel;
import dev.casemate.agent.processor.TypeWalk.Way;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.Elements;

/// Reads the methods of an agent that are tools.
final class ToolReader {

    private final Elements elements;
    private final Problems problems;
    private final TypeWalk walk;
    private final Shapes shapes;
    private final Fitting fitting;
    private final ResultReader results;
    private final HandlingReader handling;
    private final Set<String> destinations;
    private final Set<String> names = new HashSet<>();

    /// @param destinations those that the agent declares
    ToolReader(Elements elements, Problems problems, Access access, Set<String> destinations) {
        this.elements = elements;
        this.problems = problems;
        this.walk = new TypeWalk(elements, problems, access, Way.IN);
        this.shapes = new Shapes(problems);
        this.fitting = new Fitting(problems);
        this.results =
                new ResultReader(problems, new TypeWalk(elements, problems, access, Way.OUT));
        this.handling = new HandlingReader(problems);
        this.destinations = Set.copyOf(destinations);
    }

    Optional<ToolModel> read(ExecutableElement method, AnnotationMirror mirror) {
        var tool = method.getAnnotation(Tool.class);
        int before = problems.count();
        checkCallable(method);
        checkNames(method, mirror, tool);
        checkDestinations(method, mirror, tool);
        var read = arguments(method, tool);
        var result = results.read(method);
        result.ifPresent(type -> checkEffect(method, mirror, tool, type));
        var handled = result.flatMap(type -> handling.read(method, mirror, read.arguments(), type));
        if (problems.count() > before || !read.complete()) {
            return Optional.empty();
        }
        return handled.flatMap(how -> spec(method, mirror, tool, read.arguments(), how))
                .flatMap(spec ->
                        result.map(type ->
                                new ToolModel(method, spec, read.arguments(), read.keyAt(), type)));
    }

    /// @param complete whether none is missing
    private record Read(List<Argument> arguments, OptionalInt keyAt, boolean complete) {}

    private Read arguments(ExecutableElement method, Tool tool) {
        var read = new ArrayList<Argument>();
        var keyAt = OptionalInt.empty();
        boolean complete = true;
        var parameters = method.getParameters();
        for (int i = 0; i < parameters.size(); i++) {
            var parameter = parameters.get(i);
            if (TypeWalk.isKey(parameter.asType())) {
                checkKey(parameter, tool, keyAt);
                keyAt = OptionalInt.of(i);
            } else {
                var name = parameter.getSimpleName().toString();
                var argument =
                        walk.use(parameter.asType(), List.of(parameter))
                                .flatMap(use -> shapes.argument(name, use));
                argument.ifPresent(read::add);
                complete &= argument.isPresent();
            }
        }
        return new Read(List.copyOf(read), keyAt, complete);
    }

    private void checkKey(VariableElement parameter, Tool tool, OptionalInt other) {
        var place = Place.of(parameter);
        if (tool.effect() == Effect.READ) {
            problems.refuse(
                    place,
                    "a tool that reads may run twice and needs no IdempotencyKey: remove it, or"
                            + " make the effect WRITE");
        }
        if (other.isPresent()) {
            problems.refuse(place, "a call has one IdempotencyKey: remove this one");
        }
        fitting.none(
                Constraint.of(elements, parameter, List.of(parameter), parameter.asType()),
                "an IdempotencyKey");
    }

    private void checkCallable(ExecutableElement method) {
        var place = Place.of(method);
        for (var modifier : List.of(Modifier.PRIVATE, Modifier.STATIC, Modifier.ABSTRACT)) {
            if (method.getModifiers().contains(modifier)) {
                problems.refuse(
                        place,
                        "a tool may not be "
                                + modifier
                                + ": the tool set calls it on an agent, from the same package");
            }
        }
        if (!method.getTypeParameters().isEmpty()) {
            problems.refuse(place, "a tool may not be generic: name its types");
        }
    }

    private void checkNames(ExecutableElement method, AnnotationMirror mirror, Tool tool) {
        if (!names.add(tool.name())) {
            problems.refuse(
                    Place.of(method, mirror, "name"),
                    "another tool has this name: expected each name once");
        }
        if (tool.description().isBlank()) {
            problems.refuse(
                    Place.of(method, mirror, "description"),
                    "the description is blank: say what the tool does, the model reads nothing"
                            + " else");
        }
    }

    private void checkDestinations(ExecutableElement method, AnnotationMirror mirror, Tool tool) {
        var seen = new HashSet<String>();
        var items = Mirrors.items(mirror, "destinations");
        for (int i = 0; i < items.size(); i++) {
            var place = Place.of(method, mirror).at(items.get(i));
            var name = tool.destinations()[i];
            if (!destinations.contains(name)) {
                problems.refuse(
                        place,
                        "the agent has no such destination: declare it in @Agent(destinations)");
            }
            if (!seen.add(name)) {
                problems.refuse(place, "expected each destination once");
            }
        }
    }

    private void checkEffect(
            ExecutableElement method, AnnotationMirror mirror, Tool tool, Result result) {
        var place = Place.of(method, mirror, "effect");
        if (tool.effect() == Effect.READ && result.type().isEmpty()) {
            problems.refuse(
                    place,
                    "a tool that reads and returns nothing does nothing: return what it read, or"
                            + " make its effect WRITE");
        }
        if (tool.effect() == Effect.WRITE && tool.destinations().length == 0) {
            problems.refuse(
                    place,
                    "a tool that writes has a destination: name it, or make the effect READ");
        }
    }

    private Optional<ToolSpec> spec(
            ExecutableElement method,
            AnnotationMirror mirror,
            Tool tool,
            List<Argument> read,
            ToolSpec.Handling how) {
        try {
            return Optional.of(
                    new ToolSpec(
                            tool.name(),
                            tool.description(),
                            tool.effect(),
                            List.of(tool.destinations()),
                            how,
                            Argument.shape(read).schema()));
        } catch (ManifestException e) {
            return problems.refuse(
                    Place.of(method, mirror, "name"), "not the name of a tool: " + e.getMessage());
        }
    }
}
