package dev.casemate.container.evidence;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The list of an image's components in CycloneDX 1.6: every file of its layers with its SHA-256,
/// under what it belongs to. Made from the image alone, so that anybody can make it again.
final class Sbom {

    private final ImageContents image;
    private final Components components;

    private Sbom(ImageContents image) {
        this.image = image;
        this.components = Components.of(image);
    }

    static Json.Obj of(String reference, Digest digest, ImageContents image) {
        return new Sbom(image).document(reference, digest);
    }

    private Json.Obj document(String reference, Digest digest) {
        int colon = reference.lastIndexOf(':');
        var subject =
                Json.object()
                        .put("type", "container")
                        .put("bom-ref", digest.value())
                        .put("name", reference.substring(0, colon))
                        .put("version", reference.substring(colon + 1))
                        .put("hashes", hashes(digest))
                        .build();
        var all = new ArrayList<Json>();
        image.jars().forEach((path, jar) -> all.add(jar(path, jar)));
        all.add(java());
        all.add(cLibrary());
        all.addAll(
                files(path ->
                        !image.jars().containsKey(path)
                                && !Components.isJava(path)
                                && !Components.isCLibrary(path)));
        return Json.object()
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.6")
                .put("serialNumber", serialNumber(digest))
                .put("version", 1)
                .put("metadata", Json.object().put("component", subject).build())
                .put("components", Json.array(all))
                .build();
    }

    /// A UUID of version 8, whose bits are the digest's: no two lists are of one image.
    private static String serialNumber(Digest digest) {
        var hex = DigestSet.hex(digest);
        return "urn:uuid:"
                + String.join(
                        "-",
                        hex.substring(0, 8),
                        hex.substring(8, 12),
                        "8" + hex.substring(13, 16),
                        "8" + hex.substring(17, 20),
                        hex.substring(20, 32));
    }

    private Json jar(String path, JarContents jar) {
        var json = Json.object().put("type", "library").put("bom-ref", path);
        jar.coordinates()
                .ifPresentOrElse(
                        own -> named(json, own),
                        () -> json.put("name", path.substring(ImageContents.JARS.length())));
        var inside = new ArrayList<Json>();
        for (var packed : jar.inside()) {
            var reference = path + "!" + packed.packageUrl();
            var part = Json.object().put("type", "library").put("bom-ref", reference);
            inside.add(named(part, packed).build());
        }
        jar.nested()
                .forEach((name, digest) ->
                        inside.add(
                                Json.object()
                                        .put("type", "library")
                                        .put("bom-ref", path + "!/" + name)
                                        .put("name", name)
                                        .put("hashes", hashes(digest))
                                        .build()));
        if (!inside.isEmpty()) {
            json.put("components", Json.array(inside));
        }
        var digest = image.files().get(path);
        if (digest != null) {
            json.put("hashes", hashes(digest));
        }
        return json.put("evidence", occurrence(path)).build();
    }

    private static Json.Builder named(Json.Builder json, JarContents.Coordinates coordinates) {
        return json.put("group", coordinates.group())
                .put("name", coordinates.artifact())
                .put("version", coordinates.version())
                .put("purl", coordinates.packageUrl());
    }

    private Json java() {
        var parts = new ArrayList<Json>();
        for (var module : components.modules()) {
            parts.add(
                    Json.object()
                            .put("type", "library")
                            .put("bom-ref", "module:" + module)
                            .put("name", module)
                            .put("version", components.javaVersion())
                            .build());
        }
        parts.addAll(files(Components::isJava));
        return Json.object()
                .put("type", "platform")
                .put("bom-ref", "jdk")
                .put("name", "openjdk")
                .put("version", components.javaVersion())
                .put("purl", components.javaPackageUrl())
                .put("components", Json.array(parts))
                .build();
    }

    private Json cLibrary() {
        return Json.object()
                .put("type", "library")
                .put("bom-ref", "c-library")
                .put("name", "glibc")
                .put("version", components.cLibraryVersion())
                .put("description", components.cLibraryPackage())
                .put("purl", components.cLibraryPackageUrl())
                .put("components", Json.array(files(Components::isCLibrary)))
                .build();
    }

    private List<Json> files(Predicate<String> which) {
        return image.files().entrySet().stream()
                .filter(file -> which.test(file.getKey()))
                .map(Sbom::file)
                .toList();
    }

    private static Json file(Map.Entry<String, Digest> file) {
        return Json.object()
                .put("type", "file")
                .put("bom-ref", file.getKey())
                .put("name", file.getKey())
                .put("hashes", hashes(file.getValue()))
                .build();
    }

    private static Json occurrence(String path) {
        return Json.object()
                .put(
                        "occurrences",
                        Json.array(List.of(Json.object().put("location", path).build())))
                .build();
    }

    private static Json hashes(Digest digest) {
        return Json.array(
                List.of(
                        Json.object()
                                .put("alg", "SHA-256")
                                .put("content", DigestSet.hex(digest))
                                .build()));
    }
}
