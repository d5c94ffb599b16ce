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
import java.util.TreeMap;

/// What the shipped code can reach, as far as this analysis sees. The same jars and roots give the
/// same report, byte for byte.
///
/// A capability that is not among [#capabilities] was not proved absent: no path to it was found,
/// under the [#assumptions].
///
/// @param origins what was read: the class path, in its order
/// @param runtime the Java that runs it, for people
/// @param roots where execution starts, as [Root#display] spells them, in the order given
/// @param capabilities in the order of the enum; for each that was found the shortest path in each
///   jar that uses it, the shortest of all first
/// @param uses every reachable method that uses a capability, sorted
/// @param assumptions what the answer rests on, one sentence each
/// @param tables digests of the data that the answer was judged by, by name
/// @param reachableMethods methods of the jars that the roots reach
public record Report(
        List<Origin> origins,
        String runtime,
        List<String> roots,
        Map<Capability, List<Witness>> capabilities,
        List<Use> uses,
        List<String> assumptions,
        Map<String, Digest> tables,
        int reachableMethods) {

    /// The version of the JSON form, in member `apiVersion`.
    public static final String API_VERSION = "casemate.dev/capabilities/v1";

    public Report {
        origins = List.copyOf(origins);
        roots = List.copyOf(roots);
        var ordered = new EnumMap<Capability, List<Witness>>(Capability.class);
        capabilities.forEach((capability, paths) -> ordered.put(capability, List.copyOf(paths)));
        capabilities = Collections.unmodifiableMap(ordered);
        uses = List.copyOf(uses);
        assumptions = List.copyOf(assumptions);
        tables = Collections.unmodifiableMap(new TreeMap<>(tables));
    }

    /// Classes in all jars together.
    public int shippedClasses() {
        return origins.stream().mapToInt(Origin::classes).sum();
    }

    /// The gate: what is reachable and not declared. Empty lets the agent through.
    public Set<Capability> undeclared(AgentManifest manifest) {
        var undeclared = EnumSet.noneOf(Capability.class);
        undeclared.addAll(capabilities.keySet());
        undeclared.removeAll(manifest.capabilities());
        return Collections.unmodifiableSet(undeclared);
    }

    /// For people: each capability with its shortest path and the other jars that have it, then
    /// what was not found, then the assumptions.
    public String text() {
        var out = new StringBuilder();
        out.append("Reachable from ");
        out.append(String.join(", ", roots)).append('\n');
        capabilities.forEach((capability, paths) -> append(out, capability, paths));
        var absent = EnumSet.allOf(Capability.class);
        absent.removeAll(capabilities.keySet());
        out.append("\nNo path found to: ");
        out.append(String.join(", ", absent.stream().map(Capability::word).toList()));
        out.append("\n\nUnder these assumptions:\n");
        assumptions.forEach(assumption -> out.append("- ").append(assumption).append('\n'));
        out.append(
                "\n%d classes shipped, %d of their methods reachable\n"
                        .formatted(shippedClasses(), reachableMethods));
        tables.forEach((name, digest) -> out.append(name).append(' ').append(digest).append('\n'));
        return out.toString();
    }

    private static void append(StringBuilder out, Capability capability, List<Witness> paths) {
        var shortest = paths.getFirst();
        out.append('\n').append(capability.word()).append(": ").append(shortest.reason());
        out.append('\n');
        for (var step : shortest.steps()) {
            out.append("    ").append(step.display()).append('\n');
        }
        out.append("  from ").append(String.join(", ", shortest.roots())).append('\n');
        if (paths.size() > 1) {
            var others = paths.stream().skip(1).map(Witness::origin).toList();
            out.append("  also in ").append(String.join(", ", others)).append('\n');
        }
    }

    /// For machines.
    public Json.Obj toJson() {
        var found = Json.object();
        capabilities.forEach((capability, paths) ->
                found.put(
                        capability.word(),
                        Json.array(paths.stream().map(Witness::toJson).toList())));
        var digests = Json.object();
        tables.forEach((name, digest) -> digests.put(name, digest.value()));
        return Json.object()
                .put("apiVersion", API_VERSION)
                .put("origins", Json.array(origins.stream().map(Origin::toJson).toList()))
                .put("runtime", runtime)
                .put("roots", Json.strings(roots))
                .put("capabilities", found.build())
                .put("uses", Json.array(uses.stream().map(Use::toJson).toList()))
                .put("assumptions", Json.strings(assumptions))
                .put("tables", digests.build())
                .put("reachableMethods", reachableMethods)
                .build();
    }
}
