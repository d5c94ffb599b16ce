package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// What an image holds: the labels of its configuration and the files of its layers.
///
/// @param files digests of all regular files, by absolute path
/// @param jars what the files below `/app/lib` say of themselves, by absolute path
/// @param documents the contents of the few small files that evidence quotes, by absolute path
record ImageContents(
        Digest imageId,
        Map<String, String> labels,
        SortedMap<String, Digest> files,
        SortedMap<String, JarContents> jars,
        SortedMap<String, byte[]> documents) {

    static final String JARS = "/app/lib/";
    static final String MANIFEST = "/app/manifest.json";
    static final String RELEASE = "/opt/java/release";
    static final String C_LIBRARY = "libc.so.6";

    private static final long MAX_BYTES = 4L << 30;
    private static final int MAX_DOCUMENT_BYTES = 16 << 20;
    private static final int MAX_ENTRIES = 1 << 16;

    /// The list of a jar's entries is read into memory, and can be nearly all of it.
    private static final long MAX_JAR_BYTES = 256L << 20;

    /// Configuration and layers of an image's manifest.
    record Blobs(Descriptor configuration, List<Descriptor> layers) {

        static Blobs read(Layout layout, Descriptor image) throws IOException {
            var document = layout.blob(image).bytes(Layout.MAX_DOCUMENT_BYTES);
            try {
                return Members.read(
                        Layout.object(document),
                        "",
                        members -> {
                            members.take("schemaVersion");
                            members.take("mediaType");
                            return new Blobs(
                                    members.object("config", Descriptor::read),
                                    members.list("layers", Descriptor::read));
                        });
            } catch (ManifestException e) {
                throw new EvidenceException(
                        Code.MALFORMED_ARCHIVE, "expected the manifest of an OCI image", e);
            }
        }

        Set<Digest> digests() {
            var digests = new HashSet<Digest>();
            digests.add(configuration.digest());
            layers.forEach(layer -> digests.add(layer.digest()));
            return digests;
        }
    }

    static ImageContents read(Layout layout, Blobs blobs) throws IOException {
        var configuration =
                Layout.object(layout.blob(blobs.configuration()).bytes(Layout.MAX_DOCUMENT_BYTES));
        var contents =
                new ImageContents(
                        blobs.configuration().digest(),
                        labels(configuration),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>());
        var unpacked = new ArrayList<Json>();
        long left = MAX_BYTES;
        for (var layer : blobs.layers()) {
            if (!layer.mediaType().equals(Descriptor.LAYER)) {
                throw malformed("layers of tar and gzip");
            }
            var hash = Part.sha256();
            try (var tar =
                    new DigestInputStream(
                            new Limited(new GZIPInputStream(layout.blob(layer).open()), left),
                            hash)) {
                contents.add(tar);
                left -= tar.transferTo(OutputStream.nullOutputStream());
            }
            unpacked.add(Json.of(Part.digest(hash).value()));
        }
        if (!member(configuration, "rootfs")
                .get("diff_ids")
                .equals(Optional.of(Json.array(unpacked)))) {
            throw new EvidenceException(
                    Code.DIGEST_MISMATCH, "expected layers as the configuration names them");
        }
        return contents;
    }

    private void add(InputStream layer) throws IOException {
        // Not closed here: what follows the last entry belongs to the layer's digest too.
        @SuppressWarnings("resource")
        var tar = new LayerTar(layer);
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.isDirectory()) {
                continue;
            }
            var path = "/" + entry.getName().replaceFirst("^\\.?/", "");
            var name = path.substring(path.lastIndexOf('/') + 1);
            if (!isRegular(entry)
                    || name.startsWith(".wh.")
                    || path.contains("/../")
                    || path.chars().anyMatch(c -> c < ' ')
                    || files.containsKey(path)
                    || files.size() == MAX_ENTRIES) {
                throw malformed("regular files and directories alone, each path once");
            }
            var hash = Part.sha256();
            var file = new DigestInputStream(tar, hash);
            if (path.startsWith(JARS) && path.endsWith(".jar")) {
                addJar(path, file);
            } else if (path.equals(MANIFEST) || path.equals(RELEASE) || name.equals(C_LIBRARY)) {
                documents.put(path, document(file));
                requireSmall();
            } else {
                file.transferTo(OutputStream.nullOutputStream());
            }
            files.put(path, Part.digest(hash));
        }
    }

    /// By its type alone: the entry's own `isFile` is true of links and devices.
    static boolean isRegular(TarArchiveEntry entry) {
        return entry.getLinkFlag() == TarConstants.LF_NORMAL
                || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    }

    private void addJar(String path, InputStream in) throws IOException {
        var jar = Files.createTempFile("casemate-", ".jar");
        try {
            try (var out = Files.newOutputStream(jar)) {
                if (new BoundedStream(in, MAX_JAR_BYTES).transferTo(out) == MAX_JAR_BYTES) {
                    throw malformed("jars of less than " + MAX_JAR_BYTES + " bytes");
                }
            }
            jars.put(path, JarContents.read(jar, path.substring(JARS.length())));
        } finally {
            Files.delete(jar);
        }
    }

    private static byte[] document(InputStream in) throws IOException {
        var bytes = in.readNBytes(MAX_DOCUMENT_BYTES + 1);
        if (bytes.length > MAX_DOCUMENT_BYTES) {
            throw malformed("a small manifest, release file and C library");
        }
        return bytes;
    }

    private void requireSmall() {
        if (documents.values().stream().mapToLong(bytes -> bytes.length).sum()
                > MAX_DOCUMENT_BYTES) {
            throw malformed("one manifest, one release file and one C library");
        }
    }

    private static Map<String, String> labels(Json.Obj configuration) {
        var labels = new TreeMap<String, String>();
        member(member(configuration, "config"), "Labels")
                .members()
                .forEach((name, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        labels.put(name, text);
                    }
                });
        return labels;
    }

    private static Json.Obj member(Json.Obj object, String name) {
        if (object.get(name).orElse(null) instanceof Json.Obj member) {
            return member;
        }
        throw malformed("the member " + name + " in the image's configuration");
    }

    private static EvidenceException malformed(String expected) {
        return new EvidenceException(Code.MALFORMED_LAYERS, "expected " + expected);
    }

    /// Ends with an error where a small layer unpacks to more than any image has.
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, length);
            left -= Math.max(read, 0);
            if (left < 0) {
                throw malformed("layers of at most " + MAX_BYTES + " bytes");
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return read(
                    new byte[(int) Math.min(count, 1 << 16)], 0, (int) Math.min(count, 1 << 16));
        }
    }
}
