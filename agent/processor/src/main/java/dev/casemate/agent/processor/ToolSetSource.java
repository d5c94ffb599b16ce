package dev.casemate.agent.processor;

import dev.casemate.agent.processor.AgentModel.ToolModel;
import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.Results;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Approval;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Exposure;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;

/// Writes the class that stands between the model and an agent. The same agent gives the same
/// bytes.
final class ToolSetSource {

    private final AgentModel agent;
    private final PackageElement home;
    private final String name;
    private final Imports imports;
    private final GeneratedNames names = new GeneratedNames();
    private final ArgumentSource arguments;
    private final ResultSource results;

    private ToolSetSource(AgentModel agent, PackageElement home) {
        this.agent = agent;
        this.home = home;
        this.name = name(agent);
        this.imports = new Imports(home, name);
        this.arguments = new ArgumentSource(imports, names, name);
        this.results = new ResultSource(imports, names);
    }

    /// The simple name of the generated class.
    static String name(AgentModel agent) {
        return agent.type().getSimpleName() + "ToolSet";
    }

    static String of(AgentModel agent, PackageElement home) {
        return new ToolSetSource(agent, home).file();
    }

    private String file() {
        var agentType = imports.name(agent.type());
        for (var tool : agent.tools()) {
            arguments.collect(tool.arguments());
            results.collect(tool.result());
        }
        var toolSet = imports.name(ToolSet.class);
        var members = new ArrayList<>(arguments.shapes());
        agent.tools()
                .forEach(tool -> members.add(arguments.shapeField(shape(tool), tool.arguments())));
        members.add(manifest());
        members.add(instance(agentType));
        members.add(check());
        members.add(call());
        agent.tools().forEach(tool -> members.add(caller(tool)));
        members.addAll(arguments.readers());
        members.addAll(results.writers());
        var body = members.stream().map(ToolSetSource::indented).collect(Collectors.joining("\n"));
        boolean isPublic = agent.type().getModifiers().contains(Modifier.PUBLIC);
        return """
        // Generated from %s. Do not edit: change the agent and compile it again.
        %s%s
        /// The tools of [%s]: all that it can do.
        %sfinal class %s implements %s {

        %s}
        """
                .formatted(
                        agent.type().getQualifiedName(),
                        home.isUnnamed() ? "" : "package " + home.getQualifiedName() + ";\n\n",
                        imports.lines(),
                        agentType,
                        isPublic ? "public " : "",
                        name,
                        toolSet,
                        body);
    }

    private static String indented(String member) {
        return member.indent(4).replaceAll("(?m)^ +$", "");
    }

    private String shape(ToolModel tool) {
        return names.constant(tool.method(), tool.spec().name());
    }

    private String manifest() {
        var manifest = agent.manifest();
        var prompt = manifest.prompt();
        var parts =
                List.of(
                        Literals.of(manifest.name()),
                        Literals.of(manifest.version()),
                        Literals.of(manifest.owner()),
                        Literals.of(manifest.purpose()),
                        make(
                                Prompt.class,
                                Literals.of(prompt.persona()),
                                Literals.of(prompt.scope()),
                                texts(prompt.refusals())),
                        texts(manifest.models()),
                        list(manifest.tools().isEmpty(), specs()),
                        list(manifest.destinations().isEmpty(), destinations()),
                        limits(manifest.limits()),
                        capabilities(manifest),
                        optional(
                                manifest.approval()
                                        .map(it ->
                                                make(
                                                        Approval.class,
                                                        Literals.of(it.reason()),
                                                        Literals.of(it.reviewer())))));
        return """
        private static final %s MANIFEST =
                new %s(
                        %s);
        """
                .formatted(
                        imports.name(AgentManifest.class),
                        imports.name(AgentManifest.class),
                        String.join(",\n                ", parts));
    }

    private List<String> specs() {
        return agent.tools().stream()
                .map(tool ->
                        make(
                                ToolSpec.class,
                                Literals.of(tool.spec().name()),
                                Literals.of(tool.spec().description()),
                                imports.name(Effect.class) + "." + tool.spec().effect(),
                                texts(tool.spec().destinations()),
                                handling(tool.spec().handling()),
                                shape(tool) + ".schema()"))
                .toList();
    }

    private String handling(ToolSpec.Handling handling) {
        return "new "
                + imports.name(ToolSpec.class)
                + ".Handling("
                + imports.name(Set.class)
                + ".of("
                + handling.exposures().stream()
                        .sorted()
                        .map(exposure -> imports.name(Exposure.class) + "." + exposure)
                        .collect(Collectors.joining(", "))
                + "), "
                + seconds(handling.timeout())
                + ", "
                + optional(handling.approval().map(this::seconds))
                + ", "
                + texts(handling.trustedArguments())
                + ")";
    }

    private String seconds(Duration time) {
        return imports.name(Duration.class) + ".ofSeconds(" + Literals.of(time.toSeconds()) + ")";
    }

    private String optional(Optional<String> value) {
        return imports.name(Optional.class) + value.map(of -> ".of(" + of + ")").orElse(".empty()");
    }

    private List<String> destinations() {
        var type = imports.name(Destination.class);
        return agent.manifest().destinations().stream()
                .map(to ->
                        make(
                                Destination.class,
                                Literals.of(to.name()),
                                type + ".Protocol." + to.protocol()))
                .toList();
    }

    private String limits(Limits limits) {
        return make(
                Limits.class,
                Literals.of(limits.steps()),
                Literals.of(limits.toolCalls()),
                Literals.of(limits.tokens()),
                seconds(limits.deadline()),
                Literals.of(limits.identicalCalls()),
                Literals.of(limits.cpuMillis()),
                Literals.of(limits.memoryBytes()),
                Literals.of(limits.tmpBytes()),
                Literals.of(limits.pids()),
                Literals.of(limits.ioBytesPerSecond()));
    }

    private String capabilities(AgentManifest manifest) {
        return manifest.capabilities().stream()
                .sorted()
                .map(capability -> imports.name(Capability.class) + "." + capability)
                .collect(Collectors.joining(", ", imports.name(Set.class) + ".of(", ")"));
    }

    private String texts(List<String> texts) {
        imports.name(List.class);
        return Literals.list(texts);
    }

    private String list(boolean empty, List<String> items) {
        var separator = "\n                        ";
        return imports.name(List.class)
                + ".of("
                + (empty ? "" : separator)
                + String.join("," + separator, items)
                + ")";
    }

    private String make(Class<?> type, String... parts) {
        return "new " + imports.name(type) + "(" + String.join(", ", parts) + ")";
    }

    private String instance(String agentType) {
        return """
        private final %1$s agent;

        private %2$s(%1$s agent) {
            this.agent = %3$s.requireNonNull(agent);
        }

        /// The tools of this agent.
        public static %2$s of(%1$s agent) {
            return new %2$s(agent);
        }

        @Override
        public %4$s manifest() {
            return MANIFEST;
        }
        """
                .formatted(
                        agentType,
                        name,
                        imports.name(Objects.class),
                        imports.name(AgentManifest.class));
    }

    private String check() {
        var cases = new StringBuilder();
        for (var tool : agent.tools()) {
            cases.append("        case ")
                    .append(Literals.of(tool.spec().name()))
                    .append(" -> ")
                    .append(imports.name(Results.class))
                    .append(".check(")
                    .append(shape(tool))
                    .append(", arguments);\n");
        }
        return """
        @Override
        public %1$s<%2$s.Refused> check(String tool, %3$s arguments) {
            return switch (tool) {
        %4$s        default -> %1$s.of(%5$s.unknownTool(MANIFEST));
            };
        }
        """
                .formatted(
                        imports.name(Optional.class),
                        imports.name(ToolOutcome.class),
                        imports.name(Json.class),
                        cases,
                        imports.name(Results.class));
    }

    private String call() {
        var cases = new StringBuilder();
        for (var tool : agent.tools()) {
            cases.append("        case ")
                    .append(Literals.of(tool.spec().name()))
                    .append(" -> ")
                    .append(caller(tool.method().getSimpleName().toString(), tool))
                    .append(tool.keyAt().isPresent() ? "(arguments, key);\n" : "(arguments);\n");
        }
        return """
        @Override
        public %s call(String tool, %s arguments, %s key) {
            return switch (tool) {
        %s        default -> %s.unknownTool(MANIFEST);
            };
        }
        """
                .formatted(
                        imports.name(ToolOutcome.class),
                        imports.name(Json.class),
                        imports.name(IdempotencyKey.class),
                        cases,
                        imports.name(Results.class));
    }

    private String caller(String method, ToolModel tool) {
        return names.method("call", tool.method(), method);
    }

    private String caller(ToolModel tool) {
        var method = tool.method().getSimpleName().toString();
        var invocation =
                "agent." + method + "(" + arguments.values(tool.arguments(), tool.keyAt(), 2) + ")";
        var body = results.answer(invocation, tool.result());
        return """
        private %s %s(%s arguments%s) {
            return %s.of(
                    %s,
                    arguments,
                    in -> %s);
        }
        """
                .formatted(
                        imports.name(ToolOutcome.class),
                        caller(method, tool),
                        imports.name(Json.class),
                        tool.keyAt().isPresent()
                                ? ", " + imports.name(IdempotencyKey.class) + " key"
                                : "",
                        imports.name(Results.class),
                        shape(tool),
                        body.replace("\n", "\n            "));
    }
}
