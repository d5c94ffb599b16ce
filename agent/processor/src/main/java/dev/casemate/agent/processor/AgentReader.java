package dev.casemate.agent.processor;

import dev.casemate.agent.processor.AgentModel.ToolModel;
import dev.casemate.agent.sdk.Agent;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Approval;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ManifestException.Code;
import dev.casemate.manifest.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/// Reads an annotated class as a whole: the manifest's own rules decide what may be in it.
final class AgentReader {

    private static final int BYTES_PER_MEGABYTE_SHIFT = 20;

    private static final List<String> TEXTS =
            List.of(
                    "name",
                    "version",
                    "owner",
                    "purpose",
                    "persona",
                    "scope",
                    "refusals",
                    "models");

    private final Elements elements;
    private final Problems problems;
    private final ApprovalReader approvals;

    AgentReader(Elements elements, Problems problems) {
        this.elements = elements;
        this.problems = problems;
        this.approvals = new ApprovalReader(problems);
    }

    /// @return empty if anything in it does not compile; that has been reported
    Optional<AgentModel> read(TypeElement type, AnnotationMirror mirror) {
        var agent = type.getAnnotation(Agent.class);
        int before = problems.count();
        checkClass(type);
        checkTexts(type, mirror);
        checkLimits(type, mirror);
        checkDestinations(type, mirror, agent);
        var approval = approvals.read(type);
        var tools = tools(type, agent);
        if (tools.isEmpty() || problems.count() > before) {
            return Optional.empty();
        }
        return manifest(type, mirror, agent, tools.get(), approval)
                .map(manifest -> new AgentModel(type, manifest, tools.get()));
    }

    private void checkClass(TypeElement type) {
        var place = Place.of(type);
        if (type.getKind() != ElementKind.CLASS && type.getKind() != ElementKind.RECORD) {
            problems.refuse(place, "an agent is a class: expected a final class or a record");
            return;
        }
        if (type.getNestingKind() != NestingKind.TOP_LEVEL) {
            problems.refuse(place, "an agent is not inside another class: move it to its own file");
        }
        if (!type.getModifiers().contains(Modifier.FINAL)) {
            problems.refuse(
                    place,
                    "an agent is final, so that no subclass changes what its tools do: make the"
                            + " class final");
        }
        if (!type.getTypeParameters().isEmpty()) {
            problems.refuse(place, "an agent is not generic: remove its type parameters");
        }
    }

    private void checkTexts(TypeElement type, AnnotationMirror mirror) {
        for (var member : List.of("refusals", "models")) {
            if (Mirrors.items(mirror, member).isEmpty()) {
                problems.refuse(
                        Place.of(type, mirror, member), "expected at least one of " + member);
            }
        }
        for (var member : TEXTS) {
            for (var item : Mirrors.items(mirror, member)) {
                if (item.getValue() instanceof String text && text.isBlank()) {
                    problems.refuse(
                            Place.of(type, mirror).at(item), member + " is blank: write it out");
                }
            }
        }
    }

    private void checkLimits(TypeElement type, AnnotationMirror mirror) {
        for (var limits : Mirrors.nested(mirror, "limits")) {
            limits.getElementValues()
                    .forEach((name, value) -> {
                        if (value.getValue() instanceof Number number && number.longValue() < 1) {
                            problems.refuse(
                                    Place.of(type, mirror).at(value),
                                    "limit "
                                            + name.getSimpleName()
                                            + " is not positive: there is no unlimited");
                        }
                    });
        }
    }

    /// Empty if one of them does not compile.
    private Optional<List<ToolModel>> tools(TypeElement type, Agent agent) {
        var access = new Access(elements, elements.getPackageOf(type));
        var reader =
                new ToolReader(
                        elements,
                        problems,
                        access,
                        Arrays.stream(agent.destinations())
                                .map(Agent.Destination::name)
                                .collect(Collectors.toSet()));
        var tools = new ArrayList<ToolModel>();
        boolean complete = true;
        for (var method : ElementFilter.methodsIn(type.getEnclosedElements())) {
            var annotation = Mirrors.find(method, Tool.class);
            if (annotation.isPresent()) {
                var tool = reader.read(method, annotation.get());
                tool.ifPresent(tools::add);
                complete &= tool.isPresent();
            }
        }
        return complete ? Optional.of(List.copyOf(tools)) : Optional.empty();
    }

    private void checkDestinations(TypeElement type, AnnotationMirror mirror, Agent agent) {
        var used =
                ElementFilter.methodsIn(type.getEnclosedElements()).stream()
                        .map(method -> method.getAnnotation(Tool.class))
                        .filter(tool -> tool != null)
                        .flatMap(tool -> Arrays.stream(tool.destinations()))
                        .collect(Collectors.toSet());
        var items = Mirrors.items(mirror, "destinations");
        for (int i = 0; i < items.size(); i++) {
            if (!used.contains(agent.destinations()[i].name())) {
                problems.refuse(
                        Place.of(type, mirror).at(items.get(i)),
                        "no tool uses this destination: name it in a @Tool, or remove it");
            }
        }
    }

    private Optional<AgentManifest> manifest(
            TypeElement type,
            AnnotationMirror mirror,
            Agent agent,
            List<ToolModel> tools,
            Optional<Approval> approval) {
        try {
            if (approval.isPresent() && standsAlone(agent, tools)) {
                return approvals.refuseUnneeded(type);
            }
            var manifest = manifest(agent, tools, approval);
            // What the other layers will read must be what is compiled in.
            var read = AgentManifest.read(CanonicalJson.bytes(manifest.toJson()));
            return read.equals(manifest)
                    ? Optional.of(manifest)
                    : problems.refuse(
                            Place.of(type, mirror),
                            "a text of this agent does not survive UTF-8: look for half characters");
        } catch (ManifestException e) {
            return problems.refuse(
                    place(type, mirror, e.place()),
                    e.getMessage()
                            + (e.code() == Code.RULE_OF_TWO
                                    ? ApprovalReader.waysOut(agent, tools)
                                    : ""));
        } catch (IllegalArgumentException e) {
            return problems.refuse(
                    Place.of(type, mirror, "capabilities"), "expected each capability once");
        }
    }

    private static boolean standsAlone(Agent agent, List<ToolModel> tools) {
        try {
            manifest(agent, tools, Optional.empty());
            return true;
        } catch (ManifestException e) {
            // Whatever else is wrong with it will be said.
            return false;
        }
    }

    private static AgentManifest manifest(
            Agent agent, List<ToolModel> tools, Optional<Approval> approval) {
        return new AgentManifest(
                agent.name(),
                agent.version(),
                agent.owner(),
                agent.purpose(),
                new Prompt(agent.persona(), agent.scope(), List.of(agent.refusals())),
                List.of(agent.models()),
                tools.stream().map(ToolModel::spec).toList(),
                Arrays.stream(agent.destinations())
                        .map(to -> new Destination(to.name(), to.protocol()))
                        .toList(),
                limits(agent.limits()),
                Set.of(agent.capabilities()),
                approval);
    }

    private static Limits limits(Agent.Limits limits) {
        return new Limits(
                limits.steps(),
                limits.toolCalls(),
                limits.tokens(),
                Duration.ofSeconds(limits.deadlineSeconds()),
                limits.identicalCalls(),
                limits.cpuMillis(),
                bytes(limits.memoryMegabytes()),
                bytes(limits.tmpMegabytes()),
                limits.pids(),
                bytes(limits.ioMegabytesPerSecond()));
    }

    private static long bytes(int megabytes) {
        return (long) megabytes << BYTES_PER_MEGABYTE_SHIFT;
    }

    /// The annotation member that a place in the manifest was made from.
    private static Place place(TypeElement type, AnnotationMirror mirror, String pointer) {
        var steps = pointer.split("/", -1);
        var member = steps.length > 1 ? steps[1] : "";
        if (member.equals("prompt") && steps.length > 2) {
            member = steps[2];
        }
        if (member.equals("limits") && steps.length > 2) {
            var limit = steps[2].replace("ioBytes", "ioMegabytes").replace("Bytes", "Megabytes");
            Optional<AnnotationValue> value =
                    Mirrors.nested(mirror, "limits").stream()
                            .flatMap(limits -> Mirrors.written(limits, limit).stream())
                            .findFirst();
            if (value.isPresent()) {
                return Place.of(type, mirror).at(value.get());
            }
        }
        return Place.of(type, mirror, member);
    }
}
