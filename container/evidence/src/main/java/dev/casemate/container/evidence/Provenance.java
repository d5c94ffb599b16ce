package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How an image came about: the predicate of SLSA's provenance, version 1.
///
/// Source: slsa.dev/spec/v1.0/provenance.
final class Provenance {

    static final String BUILD_TYPE = "https://casemate.dev/build/v1";
    static final String BUILDER = "https://casemate.dev/builder/v1";

    private Provenance() {}

    private static String text(Json json, String place) {
        if (json instanceof Json.Str(var text)) {
            return text;
        }
        throw new ManifestException(
                ManifestException.Code.INVALID_VALUE, place, "expected a string");
    }

    static Json.Obj of(BuildFacts facts, ImageContents image) {
        var parameters = Json.object();
        facts.sortedParameters().forEach(parameters::put);
        return Json.object()
                .put(
                        "buildDefinition",
                        Json.object()
                                .put("buildType", BUILD_TYPE)
                                .put(
                                        "externalParameters",
                                        Json.object()
                                                .put("source", facts.source())
                                                .put("revision", facts.revision())
                                                .put("parameters", parameters.build())
                                                .build())
                                .put("resolvedDependencies", Json.array(dependencies(image)))
                                .build())
                .put(
                        "runDetails",
                        Json.object()
                                .put("builder", Json.object().put("id", BUILDER).build())
                                .put(
                                        "metadata",
                                        Json.object()
                                                .put("startedOn", facts.started().toString())
                                                .put("finishedOn", facts.finished().toString())
                                                .build())
                                .put(
                                        "byproducts",
                                        Json.array(
                                                facts.gates().stream().map(Gate::toJson).toList()))
                                .build())
                .build();
    }

    /// Jars, the JDK by its `release` file, and the C library's files.
    private static List<Json> dependencies(ImageContents image) {
        var components = Components.of(image);
        var all = new ArrayList<Json>();
        for (var file : image.files().entrySet()) {
            var path = file.getKey();
            var jar = image.jars().get(path);
            if (jar != null) {
                all.add(
                        dependency(
                                file,
                                jar.coordinates()
                                        .map(JarContents.Coordinates::packageUrl)
                                        .orElse("")));
            } else if (path.equals(ImageContents.RELEASE)) {
                all.add(dependency(file, components.javaPackageUrl()));
            } else if (Components.isCLibrary(path)) {
                all.add(dependency(file, components.cLibraryPackageUrl()));
            }
        }
        return all;
    }

    private static Json dependency(Map.Entry<String, Digest> file, String packageUrl) {
        var json =
                Json.object()
                        .put("name", file.getKey())
                        .put("digest", DigestSet.of(file.getValue()));
        if (!packageUrl.isEmpty()) {
            json.put("uri", packageUrl);
        }
        return json.build();
    }

    /// What the builder says; what the image says is not looked at.
    static BuildFacts facts(Json.Obj predicate) {
        try {
            return Members.read(
                    predicate,
                    "",
                    members ->
                            members.object(
                                    "buildDefinition",
                                    definition -> {
                                        definition.take("buildType");
                                        definition.take("resolvedDependencies");
                                        return definition.object(
                                                "externalParameters",
                                                external ->
                                                        members.object(
                                                                "runDetails",
                                                                run -> facts(external, run)));
                                    }));
        } catch (ManifestException | DateTimeException e) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE, "expected provenance in the form of SLSA 1", e);
        }
    }

    private static BuildFacts facts(Members external, Members run) {
        run.take("builder");
        return run.object(
                "metadata",
                metadata ->
                        new BuildFacts(
                                external.string("source"),
                                external.string("revision"),
                                run.list(
                                        "byproducts",
                                        (json, place) -> Members.read(json, place, Gate::read)),
                                Instant.parse(metadata.string("startedOn")),
                                Instant.parse(metadata.string("finishedOn")),
                                external.map("parameters", Provenance::text)));
    }
}
