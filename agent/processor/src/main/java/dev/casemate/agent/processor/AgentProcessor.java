package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.Agent;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.lang.annotation.AnnotationTypeMismatchException;
import java.lang.annotation.IncompleteAnnotationException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
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
        return Set.of(Agent.class.getCanonicalName(), Tool.class.getCanonicalName());
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
        if (round.processingOver()) {
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
        for (var method : round.getElementsAnnotatedWith(Tool.class)) {
            var owner = method.getEnclosingElement();
            if (owner == null || Mirrors.find(owner, Agent.class).isEmpty()) {
                problems()
                        .refuse(
                                Place.of(method),
                                "this tool belongs to no agent: annotate its class with @Agent");
            }
        }
        return false;
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
