package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarFile;

/// The files of an OCI image layout: `oci-layout`, `index.json` and blobs.
///
/// @param files by their names in the layout
record Layout(SortedMap<String, Part> files) {

    static final String INDEX = "index.json";
    static final String VERSION = "oci-layout";
    static final byte[] VERSION_TEXT =
            CanonicalJson.bytes(Json.object().put("imageLayoutVersion", "1.0.0").build());

    /// The largest document that is no attestation.
    static final int MAX_DOCUMENT_BYTES = 1 << 20;

    private static final String BLOBS = "blobs/sha256/";
    private static final Pattern NAMES =
            Pattern.compile("oci-layout|index\\.json|blobs/sha256/[0-9a-f]{64}");

    Layout {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        if (!files.keySet().stream().allMatch(name -> NAMES.matcher(name).matches())
                || !files.containsKey(INDEX)
                || !files.containsKey(VERSION)) {
            throw new EvidenceException(
                    Code.MALFORMED_ARCHIVE,
                    "expected the files of an OCI layout and no others: oci-layout, index.json and"
                            + " blobs named by their SHA-256");
        }
    }

    /// What somebody sends: taken in its one form or not at all.
    ///
    /// @param place a file of the form of [LayoutTar], or a directory of the same files
    static Layout readStrictly(Path place) throws IOException {
        return new Layout(Files.isDirectory(place) ? directory(place) : LayoutTar.read(place));
    }

    /// What a builder of images has just written, in whatever form of tar.
    static Layout readBuilt(Path archive) throws IOException {
        var files = new TreeMap<String, Part>();
        try (var tar = new TarFile(archive)) {
            for (var entry : tar.getEntries()) {
                if (!entry.isDirectory()
                        && (!ImageContents.isRegular(entry)
                                || files.put(
                                                entry.getName(),
                                                new Part.Slice(
                                                        archive,
                                                        entry.getDataOffset(),
                                                        entry.getSize()))
                                        != null)) {
                    throw new EvidenceException(
                            Code.MALFORMED_ARCHIVE,
                            "expected regular files in the archive, each once");
                }
            }
        }
        return new Layout(files);
    }

    private static SortedMap<String, Part> directory(Path directory) throws IOException {
        var files = new TreeMap<String, Part>();
        try (var paths = Files.walk(directory)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                var name = directory.relativize(path).toString();
                if (files.size() == LayoutTar.MAX_FILES) {
                    throw new EvidenceException(
                            Code.MALFORMED_ARCHIVE,
                            "expected a layout of less than " + LayoutTar.MAX_FILES + " files");
                }
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.put(name, new Part.Slice(path, 0, Files.size(path)));
                } else if (!Set.of("", "blobs", "blobs/sha256").contains(name)
                        || Files.isSymbolicLink(path)) {
                    throw new EvidenceException(
                            Code.MALFORMED_ARCHIVE,
                            "expected regular files in a layout, without links");
                }
            }
        }
        return files;
    }

    Part index() {
        return get(INDEX);
    }

    void requireVersion() throws IOException {
        if (!Arrays.equals(get(VERSION).bytes(MAX_DOCUMENT_BYTES), VERSION_TEXT)) {
            throw new EvidenceException(
                    Code.MALFORMED_ARCHIVE, "expected version 1.0.0 in " + VERSION);
        }
    }

    static String blobName(Digest digest) {
        return BLOBS + DigestSet.hex(digest);
    }

    Part blob(Descriptor descriptor) {
        var part = files.get(blobName(descriptor.digest()));
        if (part == null) {
            throw new EvidenceException(
                    Code.UNACCOUNTED_BLOB, "expected the blob " + descriptor.digest());
        }
        if (part.size() != descriptor.size()) {
            throw new EvidenceException(
                    Code.DIGEST_MISMATCH, "expected blobs of the size that is written of them");
        }
        return part;
    }

    /// Holds every blob against the digest that is its name.
    void requireDigests() throws IOException {
        for (var file : files.entrySet()) {
            if (file.getKey().startsWith(BLOBS)
                    && !blobName(file.getValue().digest()).equals(file.getKey())) {
                throw new EvidenceException(
                        Code.DIGEST_MISMATCH, "expected each blob to be what its digest names");
            }
        }
    }

    /// @param named everything that the layout's documents lead to
    void requireNoOthers(Set<Digest> named) {
        var expected = new HashSet<>(Set.of(INDEX, VERSION));
        named.forEach(digest -> expected.add(blobName(digest)));
        if (!expected.equals(files.keySet())) {
            throw new EvidenceException(
                    Code.UNACCOUNTED_BLOB, "expected no blob that nothing leads to");
        }
    }

    private Part get(String name) {
        var part = files.get(name);
        if (part == null) {
            throw new EvidenceException(Code.MALFORMED_ARCHIVE, "expected the file " + name);
        }
        return part;
    }

    static Json.Obj object(byte[] document) {
        try {
            if (JsonReader.read(document) instanceof Json.Obj object) {
                return object;
            }
        } catch (ManifestException e) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE, "expected JSON documents, each name once", e);
        }
        throw new EvidenceException(Code.MALFORMED_EVIDENCE, "expected documents that are objects");
    }
}
