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

    /// The largest JSON form that is read.
    public static final int MAX_JSON_BYTES = 64 << 20;

    public Report {
        origins = List.copyOf(origins);
        runtime = Printable.text(runtime);
        roots = roots.stream().map(Printable::text).toList();
        var ordered = new EnumMap<Capability, List<Witness>>(Capability.class);
        capabilities.forEach((capability, paths) -> ordered.put(capability, List.copyOf(paths)));
        capabilities = Collections.unmodifiableMap(ordered);
        uses = List.copyOf(uses);
        assumptions = assumptions.stream().map(Printable::text).toList();
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

    /// For people; see [ReportText].
    public String text() {
        return ReportText.of(this);
    }

    /// For machines; the form is that of [#jsonSchema].
    public Json.Obj toJson() {
        return ReportJson.of(this);
    }

    /// Reads what [#toJson] wrote, strictly.
    ///
    /// @param utf8 at most [#MAX_JSON_BYTES]
    /// @throws AnalyzerException with code `UNREADABLE_REPORT` for anything else
    public static Report read(byte[] utf8) {
        return ReportJson.read(utf8);
    }

    /// The JSON Schema (2020-12) of the JSON form.
    public static String jsonSchema() {
        return ReportJson.schema();
    }
}
