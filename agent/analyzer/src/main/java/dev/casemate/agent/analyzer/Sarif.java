package dev.casemate.agent.analyzer;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A report as SARIF 2.1.0, for code scanning: a rule for each capability, and a result for each
/// jar that uses it, with the shortest path as its code flow.
///
/// Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
public final class Sarif {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                    + "sarif-schema-2.1.0.json";

    private static final String UNRESERVED = "-._~/!+,@=";

    private static final List<Capability> RULES = List.of(Capability.values());

    private final Report report;
    private final Optional<AgentManifest> manifest;
    private final Map<String, Integer> artifacts = new HashMap<>();
    private final Map<String, Integer> findings = new HashMap<>();

    private Sarif(Report report, Optional<AgentManifest> manifest) {
        this.report = report;
        this.manifest = manifest;
        for (var origin : report.origins()) {
            artifacts.putIfAbsent(origin.name(), artifacts.size());
        }
    }

    /// @param manifest what the application declares: a capability beyond that is an `error`, any
    ///   other a `note`; without one, those that take control away are a `warning`
    public static Json.Obj of(Report report, Optional<AgentManifest> manifest) {
        return new Sarif(report, manifest).document();
    }

    private Json.Obj document() {
        return Json.object()
                .put("$schema", SCHEMA)
                .put("version", "2.1.0")
                .put("runs", Json.array(List.of(run())))
                .build();
    }

    private Json run() {
        var results = new ArrayList<Json>();
        report.capabilities()
                .forEach((capability, witnesses) ->
                        witnesses.forEach(witness -> results.add(result(capability, witness))));
        var driver =
                Json.object()
                        .put("name", "casemate analyze")
                        .put("rules", Json.array(RULES.stream().map(Sarif::rule).toList()))
                        .build();
        return Json.object()
                .put("tool", Json.object().put("driver", driver).build())
                .put("artifacts", Json.array(artifacts()))
                .put("results", Json.array(results))
                .put("columnKind", "utf16CodeUnits")
                .put("properties", properties())
                .build();
    }

    private Json properties() {
        return Json.object()
                .put("report", Report.API_VERSION)
                .put("runtime", report.runtime())
                .put("roots", Json.strings(report.roots()))
                .put("assumptions", Json.strings(report.assumptions()))
                .put("tables", ReportJson.digests(report.tables()))
                .put("reachableMethods", report.reachableMethods())
                .build();
    }

    private static Json rule(Capability capability) {
        var meaning = Meaning.of(capability);
        var help =
                meaning.matters()
                        + (meaning.open()
                                ? " What runs behind it is not seen: read the report as \"at"
                                        + " least\"."
                                : "")
                        + " To judge a finding, follow its path from the first step: each names a"
                        + " method and how the step before leads there.";
        return Json.object()
                .put("id", capability.word())
                .put("shortDescription", text("Code that " + meaning.does() + "."))
                .put("fullDescription", text(meaning.matters()))
                .put("help", text(help))
                .put(
                        "defaultConfiguration",
                        Json.object().put("level", levelWithoutManifest(capability)).build())
                .put(
                        "properties",
                        Json.object()
                                .put("tags", Json.strings(List.of("security", "capability")))
                                .build())
                .build();
    }

    /// What gives control away, to a place outside the process or to code that was not seen, is a
    /// warning.
    private static String levelWithoutManifest(Capability capability) {
        return switch (capability) {
            case EXEC,
                    FILES_WRITE,
                    NETWORK_CONNECT,
                    NETWORK_LISTEN,
                    REFLECTION,
                    CLASS_DEFINITION,
                    NATIVE,
                    DESERIALISATION ->
                    "warning";
            case FILES_READ, ENVIRONMENT, EXIT, THREADS -> "note";
        };
    }

    private String level(Capability capability) {
        return manifest.map(it -> it.capabilities().contains(capability) ? "note" : "error")
                .orElseGet(() -> levelWithoutManifest(capability));
    }

    private String verdict(Capability capability) {
        return manifest.map(it ->
                        it.capabilities().contains(capability)
                                ? "Declared in the manifest of " + it.name() + "."
                                : "Not declared in the manifest of " + it.name() + ".")
                .orElse("No manifest was given to hold it against.");
    }

    private List<Json> artifacts() {
        var described = new ArrayList<Json>();
        for (var origin : report.origins()) {
            if (described.size() > artifacts.getOrDefault(origin.name(), 0)) {
                continue;
            }
            var hex = origin.digest().value().substring(origin.digest().value().indexOf(':') + 1);
            described.add(
                    Json.object()
                            .put("location", artifactLocation(origin.name()))
                            .put("roles", Json.strings(List.of("analysisTarget")))
                            .put("mimeType", "application/java-archive")
                            .put("hashes", Json.object().put("sha-256", hex).build())
                            .build());
        }
        return described;
    }

    private Json result(Capability capability, Witness witness) {
        var last = witness.steps().getLast();
        var does = Meaning.of(capability).does();
        var message =
                "%s: code of %s can reach %s. The shortest path has %d steps and starts at %s. %s"
                        .formatted(
                                Character.toUpperCase(does.charAt(0)) + does.substring(1),
                                witness.origin(),
                                last.method(),
                                witness.steps().size(),
                                witness.steps().getFirst().method(),
                                verdict(capability));
        return Json.object()
                .put("ruleId", capability.word())
                .put("ruleIndex", RULES.indexOf(capability))
                .put("level", level(capability))
                .put("message", text(message))
                .put(
                        "locations",
                        Json.array(List.of(location(callOf(witness), witness, Json.object()))))
                .put("codeFlows", Json.array(List.of(codeFlow(witness))))
                .put("partialFingerprints", fingerprints(capability, witness))
                .put(
                        "properties",
                        Json.object()
                                .put("reason", witness.reason())
                                .put("roots", Json.strings(witness.roots()))
                                .build())
                .build();
    }

    /// The method of the jar that makes the call.
    private static Step callOf(Witness witness) {
        return witness.steps().stream()
                .filter(step -> step.origin().equals(witness.origin()))
                .reduce((_, later) -> later)
                .orElseGet(witness.steps()::getLast);
    }

    private Json codeFlow(Witness witness) {
        var locations = new ArrayList<Json>();
        for (var step : witness.steps()) {
            var message = Json.object().put("message", text(step.display()));
            var essential = locations.isEmpty() || locations.size() == witness.steps().size() - 1;
            locations.add(
                    Json.object()
                            .put("location", location(step, witness, message))
                            .put("executionOrder", locations.size() + 1L)
                            .put("nestingLevel", (long) locations.size())
                            .put("importance", essential ? "essential" : "important")
                            .put(
                                    "properties",
                                    Json.object()
                                            .put("link", step.link().word())
                                            .put("origin", step.origin())
                                            .build())
                            .build());
        }
        var flow = Json.object().put("locations", Json.array(locations)).build();
        return Json.object().put("threadFlows", Json.array(List.of(flow))).build();
    }

    // Code scanning refuses a location without a file and a line, and a class file in a jar has no
    // line: the first one stands for the whole. A call into the JDK is made in the jar.
    private Json location(Step step, Witness witness, Json.Builder json) {
        var jar = artifacts.containsKey(step.origin()) ? step.origin() : witness.origin();
        var physical =
                Json.object()
                        .put("artifactLocation", artifactLocation(jar))
                        .put("region", Json.object().put("startLine", 1).build())
                        .build();
        var logical =
                Json.object()
                        .put("fullyQualifiedName", step.method())
                        .put("kind", "function")
                        .build();
        return json.put("physicalLocation", physical)
                .put("logicalLocations", Json.array(List.of(logical)))
                .build();
    }

    private Json artifactLocation(String jar) {
        var location = Json.object().put("uri", uri(jar));
        Optional.ofNullable(artifacts.get(jar)).ifPresent(index -> location.put("index", index));
        return location.build();
    }

    /// What stays the same when the library is updated: the capability, and which library.
    private Json fingerprints(Capability capability, Witness witness) {
        var finding = capability.word() + " " + JarName.of(witness.origin()).library();
        // Two versions of one library may lie side by side.
        int number = findings.merge(finding, 1, Integer::sum);
        var digest = Digest.of((finding + " " + number).getBytes(StandardCharsets.UTF_8)).value();
        return Json.object()
                .put("capabilityInLibrary/v1", digest.substring(digest.indexOf(':') + 1))
                .build();
    }

    private static Json text(String plain) {
        // Braces and links mean something in a SARIF message.
        var escaped = plain.replace("{", "{{").replace("}", "}}").replace("](", "\\](");
        return Json.object().put("text", escaped).build();
    }

    /// A relative reference: nothing of a name may be taken for a scheme, a query or an escape.
    private static String uri(String name) {
        var uri = new StringBuilder();
        for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (unit & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                uri.append(c);
            } else {
                uri.append("%%%02X".formatted(unit & 0xff));
            }
        }
        return uri.toString();
    }
}
