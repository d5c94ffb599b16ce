package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.Agent;
import dev.casemate.agent.sdk.Approved;
import dev.casemate.agent.sdk.RequiresApproval;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.agent.sdk.Trusted;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.lang.annotation.AnnotationTypeMismatchException;
import java.lang.annotation.IncompleteAnnotationException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import javax.tools.StandardLocation;

/// Turns a class with [Agent] into a tool set and a manifest while javac compiles it.
///
/// For `MarketAnalyst` it writes `MarketAnalystToolSet` beside it, and the manifest as the resource
/// [AgentManifest#RESOURCE]: one agent per module. What the tools take and return must be of types
/// and constraints that can be checked; anything else is an error at its line. It has no options.
public final class AgentProcessor extends AbstractProcessor {

    private final Set<String> waiting = new LinkedHashSet<>();
    private final Set<String> seen = new LinkedHashSet<>();

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Stream.of(
                        Agent.class,
                        Tool.class,
                        Approved.class,
                        RequiresApproval.class,
                        Trusted.class)
                .map(Class::getCanonicalName)
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> getSupportedOptions() {
        return Set.of();
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if (round.processingOver() || refusedStrays(round)) {
            return false;
        }
        var elements = processingEnv.getElementUtils();
        for (var name : List.copyOf(waiting)) {
            agent(elements.getTypeElement(name));
        }
        for (var element : round.getElementsAnnotatedWith(Agent.class)) {
            if (element instanceof TypeElement type) {
                first(type);
            }
        }
        return false;
    }

    // Where one of these would have no effect, somebody believes that it has.
    private boolean refusedStrays(RoundEnvironment round) {
        var problems = problems();
        for (var method : round.getElementsAnnotatedWith(Tool.class)) {
            if (!isInside(method, Agent.class)) {
                problems.refuse(
                        Place.of(method),
                        "this tool belongs to no agent: annotate its class with @Agent");
            }
        }
        for (var type : round.getElementsAnnotatedWith(Approved.class)) {
            if (Mirrors.find(type, Agent.class).isEmpty()) {
                stray(problems, type, Approved.class, "an agent: annotate the class with @Agent");
            }
        }
        for (var method : round.getElementsAnnotatedWith(RequiresApproval.class)) {
            if (Mirrors.find(method, Tool.class).isEmpty()) {
                stray(problems, method, RequiresApproval.class, "a tool: annotate it with @Tool");
            }
        }
        for (var parameter : round.getElementsAnnotatedWith(Trusted.class)) {
            if (!isInside(parameter, Tool.class)) {
                stray(problems, parameter, Trusted.class, "a parameter of a method with @Tool");
            }
        }
        return problems.count() > 0;
    }

    private static void stray(
            Problems problems, Element element, Class<?> annotation, String owner) {
        var place = Place.of(element);
        problems.refuse(
                Mirrors.find(element, annotation)
                        .map(mirror -> Place.of(element, mirror))
                        .orElse(place),
                "@" + annotation.getSimpleName() + " has no effect here: it belongs to " + owner);
    }

    private static boolean isInside(Element element, Class<?> annotation) {
        var owner = element.getEnclosingElement();
        return owner != null && Mirrors.find(owner, annotation).isPresent();
    }

    private void first(TypeElement type) {
        seen.add(type.getQualifiedName().toString());
        if (seen.size() > 1) {
            problems()
                    .refuse(
                            Place.of(type),
                            "a module holds one agent, because its manifest is one resource: move"
                                    + " this one to a module of its own");
            return;
        }
        agent(type);
    }

    private void agent(TypeElement type) {
        var name = type.getQualifiedName().toString();
        var problems = problems();
        try {
            var model =
                    Mirrors.find(type, Agent.class)
                            .flatMap(mirror ->
                                    new AgentReader(processingEnv.getElementUtils(), problems)
                                            .read(type, mirror));
            waiting.remove(name);
            if (problems.isUnresolved() && problems.count() == 0) {
                waiting.add(name);
            } else {
                model.ifPresent(this::write);
            }
        } catch (IncompleteAnnotationException
                | AnnotationTypeMismatchException
                | javax.lang.model.type.UnknownTypeException e) {
            // javac reports what is missing in an annotation, and at its line.
            waiting.remove(name);
        }
    }

    private void write(AgentModel agent) {
        var filer = processingEnv.getFiler();
        var home = processingEnv.getElementUtils().getPackageOf(agent.type());
        var name = ToolSetSource.name(agent);
        var qualified = home.isUnnamed() ? name : home.getQualifiedName() + "." + name;
        try {
            var file = filer.createSourceFile(qualified, agent.type());
            try (var out = file.openWriter()) {
                out.write(ToolSetSource.of(agent, home));
            }
            var resource =
                    filer.createResource(
                            StandardLocation.CLASS_OUTPUT,
                            "",
                            AgentManifest.RESOURCE,
                            agent.type());
            try (var out = resource.openOutputStream()) {
                out.write(CanonicalJson.bytes(agent.manifest().toJson()));
            }
        } catch (IOException e) {
            processingEnv
                    .getMessager()
                    .printMessage(
                            Kind.ERROR,
                            "cannot write the tool set or the manifest: " + e.getMessage(),
                            agent.type());
        }
    }

    private Problems problems() {
        return new Problems(processingEnv.getMessager());
    }
}
