package dev.casemate.agent.analyzer;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the shipped code can reach, as far as this analysis sees. The same jars and roots give the
/// same report, byte for byte.
///
/// A capability that is not among [#capabilities] was not proved absent: no path to it was found,
/// under the [#assumptions].
///
/// @param roots where execution starts, in the order given
/// @param capabilities one shortest path for each that was found, in the order of the enum
/// @param assumptions what the answer rests on, one sentence each
/// @param sinkTable digest of the table that says which JDK method has which capability
/// @param shippedClasses classes in the jars
/// @param reachableMethods methods of the jars that the roots reach
public record Report(
        List<Root> roots,
        Map<Capability, Witness> capabilities,
        List<String> assumptions,
        Digest sinkTable,
        int shippedClasses,
        int reachableMethods) {

    /// The version of the JSON form, in member `apiVersion`.
    public static final String API_VERSION = "casemate.dev/capabilities/v1";

    public Report {
        roots = List.copyOf(roots);
        var ordered = new EnumMap<Capability, Witness>(Capability.class);
        ordered.putAll(capabilities);
        capabilities = Collections.unmodifiableMap(ordered);
        assumptions = List.copyOf(assumptions);
    }

    /// The gate: what is reachable and not declared. Empty lets the agent through.
    public Set<Capability> undeclared(AgentManifest manifest) {
        var undeclared = EnumSet.noneOf(Capability.class);
        undeclared.addAll(capabilities.keySet());
        undeclared.removeAll(manifest.capabilities());
        return Collections.unmodifiableSet(undeclared);
    }

    /// For people: each capability with its path, then what was not found, then the assumptions.
    public String text() {
        var out = new StringBuilder();
        out.append("Reachable from ");
        out.append(String.join(", ", roots.stream().map(Root::display).toList())).append('\n');
        capabilities.forEach((capability, witness) -> append(out, capability, witness));
        var absent = EnumSet.allOf(Capability.class);
        absent.removeAll(capabilities.keySet());
        out.append("\nNo path found to: ");
        out.append(String.join(", ", absent.stream().map(Capability::word).toList()));
        out.append("\n\nUnder these assumptions:\n");
        assumptions.forEach(assumption -> out.append("- ").append(assumption).append('\n'));
        out.append(
                "\n%d classes shipped, %d of their methods reachable\nsink table %s\n"
                        .formatted(shippedClasses, reachableMethods, sinkTable));
        return out.toString();
    }

    private static void append(StringBuilder out, Capability capability, Witness witness) {
        out.append('\n').append(capability.word()).append(": ").append(witness.reason());
        out.append('\n');
        for (var step : witness.steps()) {
            out.append("    ").append(step.display()).append('\n');
        }
    }

    /// For machines.
    public Json.Obj toJson() {
        var found = Json.object();
        capabilities.forEach((capability, path) -> found.put(capability.word(), path.toJson()));
        return Json.object()
                .put("apiVersion", API_VERSION)
                .put("roots", Json.array(roots.stream().map(Root::toJson).toList()))
                .put("capabilities", found.build())
                .put("assumptions", Json.strings(assumptions))
                .put("sinkTable", sinkTable.value())
                .put("shippedClasses", shippedClasses)
                .put("reachableMethods", reachableMethods)
                .build();
    }
}
