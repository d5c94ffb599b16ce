package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an OCI archive says it holds, checked down to the configuration that names the image.
///
/// Beside the image an archive may carry its signature and its attestations, by cosign's tags; they
/// are not looked at here.
///
/// @param image digest of the configuration, which is the image's id in every container store
/// @param layers digests of its layers, from the lowest
/// @param name the image's name in the archive
/// @param agentManifest the label that the image module writes
/// @param sealed false for an image whose runtime still has everything in it
record OciArchive(
        Digest image,
        List<Digest> layers,
        String name,
        Optional<String> agentManifest,
        boolean sealed) {

    static final String MANIFEST_LABEL = "dev.casemate.manifest.digest";
    static final String SEALED_LABEL = "dev.casemate.sealed";

    /// The largest document inside; layers are not read here.
    static final int MAX_DOCUMENT_BYTES = 1 << 20;

    /// The most entries of an archive that are looked at.
    static final int MAX_ENTRIES = 1024;

    private static final int BLOCK = 512;

    /// What cosign calls the signature and the attestations of an image.
    private static final Pattern EVIDENCE = Pattern.compile("sha256-[0-9a-f]{64}\\.(sig|att)");

    /// Opens the archive anew: its documents may come in any order.
    interface Source {
        InputStream open() throws IOException;
    }

    /// @throws LaunchException if it is not an OCI archive of one image
    static OciArchive read(Path archive) {
        return read(() -> new BufferedInputStream(Files.newInputStream(archive)));
    }

    static OciArchive read(Source archive) {
        try {
            var index = object(document(archive, "index.json"));
            var entry = imageOf(index);
            var manifest = object(blob(archive, digest(entry)));
            var image = digest(member(manifest, "config"));
            var config = object(blob(archive, image));
            var labels =
                    config.get("config")
                            .filter(Json.Obj.class::isInstance)
                            .flatMap(settings -> ((Json.Obj) settings).get("Labels"))
                            .filter(Json.Obj.class::isInstance)
                            .map(Json.Obj.class::cast);
            return new OciArchive(
                    image,
                    layers(manifest),
                    nameOf(entry).orElseThrow(() -> malformed("an image with a name")),
                    labels.flatMap(found -> found.text(MANIFEST_LABEL)),
                    labels.flatMap(found -> found.text(SEALED_LABEL))
                            .map(value -> !value.equals("false"))
                            .orElse(true));
        } catch (ManifestException e) {
            throw new LaunchException(
                    Code.MALFORMED_ARCHIVE, "expected JSON documents with SHA-256 digests", e);
        } catch (IOException e) {
            throw new LaunchException(
                    Code.MALFORMED_ARCHIVE, "expected a whole archive that can be read", e);
        }
    }

    private static List<Digest> layers(Json.Obj manifest) {
        return manifest.get("layers").orElse(new Json.Null()) instanceof Json.Arr(var items)
                ? items.stream()
                        .filter(Json.Obj.class::isInstance)
                        .map(layer -> digest((Json.Obj) layer))
                        .toList()
                : List.of();
    }

    private static Json.Obj imageOf(Json.Obj index) {
        if (index.get("manifests").orElse(new Json.Null()) instanceof Json.Arr(var items)) {
            var images =
                    items.stream()
                            .filter(Json.Obj.class::isInstance)
                            .map(Json.Obj.class::cast)
                            .filter(item ->
                                    !nameOf(item)
                                            .filter(name -> EVIDENCE.matcher(name).matches())
                                            .isPresent())
                            .toList();
            if (images.size() == 1) {
                return images.getFirst();
            }
        }
        throw malformed("an index of one image");
    }

    private static Optional<String> nameOf(Json.Obj entry) {
        return entry.get("annotations").orElse(new Json.Null()) instanceof Json.Obj annotations
                ? annotations.text("org.opencontainers.image.ref.name")
                : Optional.empty();
    }

    private static Digest digest(Json.Obj descriptor) {
        return new Digest(
                descriptor.text("digest").orElseThrow(() -> malformed("descriptors with digests")));
    }

    private static Json.Obj member(Json.Obj object, String name) {
        if (object.get(name).orElse(new Json.Null()) instanceof Json.Obj member) {
            return member;
        }
        throw malformed("a manifest with a configuration");
    }

    private static Json.Obj object(byte[] document) {
        if (JsonReader.read(document) instanceof Json.Obj object) {
            return object;
        }
        throw malformed("documents that are objects");
    }

    private static byte[] blob(Source archive, Digest digest) throws IOException {
        var name = "blobs/sha256/" + digest.value().substring("sha256:".length());
        var content = document(archive, name);
        if (!Digest.of(content).equals(digest)) {
            throw malformed("each document to be the one that its digest names");
        }
        return content;
    }

    private static byte[] document(Source archive, String name) throws IOException {
        try (var stream = archive.open()) {
            for (int entry = 0; entry < MAX_ENTRIES; entry++) {
                var header = stream.readNBytes(BLOCK);
                if (header.length < BLOCK || header[0] == 0) {
                    break;
                }
                long size = octal(header);
                var found = name(header);
                if (found.equals(name) || found.equals("./" + name)) {
                    if (size > MAX_DOCUMENT_BYTES) {
                        throw malformed("documents of at most " + MAX_DOCUMENT_BYTES + " bytes");
                    }
                    return whole(stream.readNBytes((int) size), size);
                }
                stream.skipNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
            }
        }
        throw malformed("the entry index.json and the documents that it leads to");
    }

    private static byte[] whole(byte[] content, long size) {
        if (content.length != size) {
            throw malformed("an archive that is not cut off");
        }
        return content;
    }

    private static String name(byte[] header) {
        int end = 0;
        while (end < 100 && header[end] != 0) {
            end++;
        }
        return new String(header, 0, end, StandardCharsets.UTF_8);
    }

    /// The size field: twelve octal digits at 124, ended by a blank or a zero byte. Sizes beyond 8
    /// GiB are written in another form, which is refused.
    private static long octal(byte[] header) {
        long size = 0;
        for (int i = 124; i < 136 && header[i] != 0 && header[i] != ' '; i++) {
            if (header[i] < '0' || header[i] > '7') {
                throw malformed("entry sizes in octal digits");
            }
            size = size * 8 + (header[i] - '0');
        }
        return size;
    }

    private static LaunchException malformed(String expected) {
        return new LaunchException(Code.MALFORMED_ARCHIVE, "expected " + expected);
    }
}
