package dev.casemate.container.image;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// An OCI image layout in a tar, read for tests.
///
/// @param files every file in the tar
record OciArchive(Map<String, byte[]> files) {

    /// @param mode permissions and type, as tar writes them
    record Entry(int mode, boolean directory, ByteBuffer contents) {
        String text() {
            return StandardCharsets.UTF_8.decode(contents.duplicate()).toString();
        }

        int permissions() {
            return mode & 0777;
        }
    }

    /// The files of all layers together, by path.
    record Image(Map<String, Entry> files) {
        Entry file(String path) {
            var entry = files.get(path);
            if (entry == null) {
                throw new IllegalStateException("expected in the image: " + path);
            }
            return entry;
        }
    }

    static OciArchive read(Path archive) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        try (var in = Files.newInputStream(archive)) {
            entries(in).forEach((name, entry) -> files.put(name, entry.contents().array()));
        }
        return new OciArchive(files);
    }

    Json.Obj index() {
        return json("index.json");
    }

    Digest manifestDigest() {
        return new Digest(text(only(index(), "manifests"), "digest"));
    }

    Json.Obj manifest() {
        return blob(manifestDigest().value());
    }

    Json.Obj config() {
        return blob(text(member(manifest(), "config"), "digest"));
    }

    Image image() throws IOException {
        var all = new TreeMap<String, Entry>();
        for (var layer : ((Json.Arr) manifest().get("layers").orElseThrow()).items()) {
            var digest = text((Json.Obj) layer, "digest");
            try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes(path(digest))))) {
                all.putAll(entries(in));
            }
        }
        return new Image(all);
    }

    List<String> strings(Json.Obj object, String name) {
        return ((Json.Arr) object.get(name).orElseThrow())
                .items().stream().map(item -> ((Json.Str) item).value()).toList();
    }

    static Json.Obj member(Json.Obj object, String name) {
        return (Json.Obj) object.get(name).orElseThrow();
    }

    static String text(Json.Obj object, String name) {
        return object.text(name).orElseThrow();
    }

    private static Json.Obj only(Json.Obj object, String name) {
        var items = ((Json.Arr) object.get(name).orElseThrow()).items();
        if (items.size() != 1) {
            throw new IllegalStateException("expected one in " + name);
        }
        return (Json.Obj) items.getFirst();
    }

    private Json.Obj blob(String digest) {
        return json(path(digest));
    }

    private static String path(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private Json.Obj json(String path) {
        return (Json.Obj) JsonReader.read(bytes(path));
    }

    private byte[] bytes(String path) {
        var bytes = files.get(path);
        if (bytes == null) {
            throw new IllegalStateException("expected in the archive: " + path);
        }
        return bytes;
    }

    private static Map<String, Entry> entries(InputStream in) throws IOException {
        var entries = new LinkedHashMap<String, Entry>();
        var tar = new TarArchiveInputStream(in);
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            entries.put(
                    entry.getName(),
                    new Entry(
                            entry.getMode(),
                            entry.isDirectory(),
                            ByteBuffer.wrap(tar.readAllBytes())));
        }
        return entries;
    }
}
