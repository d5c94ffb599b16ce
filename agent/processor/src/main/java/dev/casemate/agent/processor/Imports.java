package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.ArgumentsFormat;
import dev.casemate.agent.sdk.ArgumentsShape;
import dev.casemate.agent.sdk.ArgumentsValue;
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
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/// The names by which generated code calls types: short ones where nothing else has them.
final class Imports {

    // These belong to generated code; a developer's type of the same name is written out in full.
    private static final List<Class<?>> OWN =
            List.of(
                    AgentManifest.class,
                    Approval.class,
                    ArgumentsFormat.class,
                    ArgumentsShape.class,
                    ArgumentsValue.class,
                    BigDecimal.class,
                    Capability.class,
                    Destination.class,
                    Duration.class,
                    Effect.class,
                    Exposure.class,
                    IdempotencyKey.class,
                    Json.class,
                    Limits.class,
                    List.class,
                    Objects.class,
                    Optional.class,
                    Prompt.class,
                    Results.class,
                    Set.class,
                    ToolOutcome.class,
                    ToolSet.class,
                    ToolSpec.class,
                    Override.class,
                    String.class);

    private final String home;
    private final Map<String, String> taken = new HashMap<>();
    private final TreeSet<String> imported = new TreeSet<>();

    /// @param home the package of the generated class
    /// @param generated its simple name
    Imports(PackageElement home, String generated) {
        this.home = home.getQualifiedName().toString();
        OWN.forEach(type -> taken.put(type.getSimpleName(), type.getName()));
        taken.put("Generated", "javax.annotation.processing.Generated");
        taken.put(generated, generated);
    }

    /// A type of the JDK or the SDK that generated code uses.
    String name(Class<?> type) {
        imported.add(type.getName());
        return type.getSimpleName();
    }

    /// A type of the developer's: by its outermost class, then by the way inside.
    String name(TypeElement type) {
        Element outer = type;
        var inside = "";
        while (outer.getEnclosingElement() instanceof TypeElement around) {
            inside = "." + outer.getSimpleName() + inside;
            outer = around;
        }
        var qualified = ((TypeElement) outer).getQualifiedName().toString();
        var simple = outer.getSimpleName().toString();
        if (!taken.computeIfAbsent(simple, _ -> qualified).equals(qualified)) {
            return qualified + inside;
        }
        if (!qualified.equals(home.isEmpty() ? simple : home + "." + simple)) {
            imported.add(qualified);
        }
        return simple + inside;
    }

    /// The import lines, sorted.
    String lines() {
        var lines = new StringBuilder();
        imported.forEach(name -> lines.append("import ").append(name).append(";\n"));
        return lines.toString();
    }
}
