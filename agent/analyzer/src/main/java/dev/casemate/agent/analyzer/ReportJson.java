package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A report as JSON, there and back. The form is that of `report.schema.json`.
final class ReportJson {

    private static final String SCHEMA = "report.schema.json";

    private ReportJson() {}

    static String schema() {
        try (var in = ReportJson.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("expected the resource " + SCHEMA);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Json.Obj of(Report report) {
        var found = Json.object();
        report.capabilities()
                .forEach((capability, paths) ->
                        found.put(capability.word(), array(paths, ReportJson::witness)));
        return Json.object()
                .put("apiVersion", Report.API_VERSION)
                .put("origins", array(report.origins(), ReportJson::origin))
                .put("runtime", report.runtime())
                .put("roots", Json.strings(report.roots()))
                .put("capabilities", found.build())
                .put("uses", array(report.uses(), ReportJson::use))
                .put("assumptions", Json.strings(report.assumptions()))
                .put("tables", digests(report.tables()))
                .put("reachableMethods", report.reachableMethods())
                .build();
    }

    static <T> Json array(List<T> values, Function<T, Json> form) {
        return Json.array(values.stream().map(form).toList());
    }

    static Json digests(Map<String, Digest> tables) {
        var digests = Json.object();
        tables.forEach((name, digest) -> digests.put(name, digest.value()));
        return digests.build();
    }

    static Json origin(Origin origin) {
        return Json.object()
                .put("name", origin.name())
                .put("digest", origin.digest().value())
                .put("classes", origin.classes())
                .build();
    }

    static Json witness(Witness witness) {
        return Json.object()
                .put("origin", witness.origin())
                .put("reason", witness.reason())
                .put("roots", Json.strings(witness.roots()))
                .put("path", array(witness.steps(), ReportJson::step))
                .build();
    }

    private static Json step(Step step) {
        var json =
                Json.object()
                        .put("link", step.link().word())
                        .put("method", step.method())
                        .put("origin", step.origin());
        if (!step.because().isEmpty()) {
            json.put("because", Json.strings(step.because()));
        }
        return json.build();
    }

    static Json use(Use use) {
        return Json.object()
                .put("capability", use.capability().word())
                .put("origin", use.origin())
                .put("method", use.method())
                .put("call", use.call())
                .build();
    }

    /// @throws AnalyzerException with code `UNREADABLE_REPORT`
    static Report read(byte[] utf8) {
        if (utf8.length > Report.MAX_JSON_BYTES) {
            throw new AnalyzerException(
                    Code.UNREADABLE_REPORT, "expected at most " + Report.MAX_JSON_BYTES + " bytes");
        }
        try {
            return Members.read(JsonReader.read(utf8), "", ReportJson::report);
        } catch (ManifestException | IllegalArgumentException e) {
            throw new AnalyzerException(
                    Code.UNREADABLE_REPORT,
                    "expected a report of the form "
                            + Report.API_VERSION
                            + ", as its JSON Schema says: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Report report(Members members) {
        if (!members.string("apiVersion").equals(Report.API_VERSION)) {
            throw members.refuse(
                    ManifestException.Code.UNSUPPORTED_VERSION,
                    "apiVersion",
                    "expected " + Report.API_VERSION);
        }
        return new Report(
                members.list("origins", (json, place) -> Members.read(json, place, m -> origin(m))),
                string(members, "runtime"),
                strings(members, "roots"),
                capabilities(members),
                members.list("uses", (json, place) -> Members.read(json, place, m -> use(m))),
                strings(members, "assumptions"),
                members.map("tables", ReportJson::digest),
                count(members, "reachableMethods"));
    }

    private static Map<Capability, List<Witness>> capabilities(Members members) {
        var byWord =
                Arrays.stream(Capability.values())
                        .collect(Collectors.toMap(Capability::word, Function.identity()));
        var found = new EnumMap<Capability, List<Witness>>(Capability.class);
        Members.read(
                members.object("capabilities"),
                members.place("capabilities"),
                capabilities -> {
                    for (var word : byWord.keySet()) {
                        if (capabilities.has(word)) {
                            found.put(byWord.get(word), witnesses(capabilities, word));
                        }
                    }
                    return found;
                });
        return found;
    }

    private static List<Witness> witnesses(Members capabilities, String word) {
        var witnesses =
                capabilities.list(
                        word, (json, place) -> Members.read(json, place, ReportJson::witness));
        if (witnesses.isEmpty()) {
            throw capabilities.refuse(
                    ManifestException.Code.INVALID_VALUE, word, "expected at least one path");
        }
        return witnesses;
    }

    private static Witness witness(Members members) {
        return new Witness(
                members.list("path", (json, place) -> Members.read(json, place, m -> step(m))),
                string(members, "reason"),
                string(members, "origin"),
                strings(members, "roots"));
    }

    private static Step step(Members members) {
        return new Step(
                members.choice("link", Link.class, Link::word),
                string(members, "method"),
                string(members, "origin"),
                members.has("because") ? because(members) : List.of());
    }

    private static List<String> because(Members members) {
        var reasons = strings(members, "because");
        if (reasons.isEmpty()) {
            throw members.refuse(
                    ManifestException.Code.INVALID_VALUE,
                    "because",
                    "expected at least one reason, or no such member");
        }
        return reasons;
    }

    private static Use use(Members members) {
        return new Use(
                members.choice("capability", Capability.class, Capability::word),
                string(members, "origin"),
                string(members, "method"),
                string(members, "call"));
    }

    private static Origin origin(Members members) {
        return new Origin(
                string(members, "name"),
                digest(members.take("digest"), members.place("digest")),
                count(members, "classes"));
    }

    private static String string(Members members, String name) {
        return printable(members.string(name), members.place(name));
    }

    private static List<String> strings(Members members, String name) {
        members.strings(name).forEach(value -> printable(value, members.place(name)));
        return members.strings(name);
    }

    // No report has others: the analysis spells them out.
    private static String printable(String value, String place) {
        if (!Printable.isPrintable(value)) {
            throw new ManifestException(
                    ManifestException.Code.INVALID_VALUE,
                    place,
                    "expected text without control and format characters");
        }
        return value;
    }

    private static Digest digest(Json json, String place) {
        if (json instanceof Json.Str(var value)) {
            return new Digest(value);
        }
        throw new ManifestException(
                ManifestException.Code.INVALID_VALUE, place, "expected a digest");
    }

    private static int count(Members members, String name) {
        if (members.take(name) instanceof Json.Num(var value)
                && value.scale() <= 0
                && value.signum() >= 0
                && value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0) {
            return value.intValueExact();
        }
        throw members.refuse(
                ManifestException.Code.INVALID_VALUE,
                name,
                "expected a whole number from 0 to " + Integer.MAX_VALUE);
    }
}
