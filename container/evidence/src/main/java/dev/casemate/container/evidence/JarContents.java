package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// What a jar says of itself.
///
/// @param coordinates the jar's own in Maven's form; empty where it has none, or several of which
///   none is named like the file
/// @param inside coordinates of what was packed into it
/// @param nested jars in it, by their paths
/// @param manifests the agent manifests in it
record JarContents(
        Optional<Coordinates> coordinates,
        List<Coordinates> inside,
        SortedMap<String, Digest> nested,
        List<byte[]> manifests) {

    private static final Pattern POM =
            Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");
    private static final int MAX_ENTRY_BYTES = 64 << 20;

    /// The most that is unpacked of one jar: entries may share the bytes that they are packed in.
    private static final long MAX_BYTES = 256L << 20;

    private static final int MAX_ENTRIES = 1 << 17;

    /// Group, artifact and version, none of them with anything but letters, digits and `._+-`.
    record Coordinates(String group, String artifact, String version) {

        private static final Pattern PART = Pattern.compile("[A-Za-z0-9._+-]{1,200}");

        static Optional<Coordinates> read(byte[] contents) throws IOException {
            var properties = new Properties();
            properties.load(new ByteArrayInputStream(contents));
            var found =
                    new Coordinates(
                            properties.getProperty("groupId", ""),
                            properties.getProperty("artifactId", ""),
                            properties.getProperty("version", ""));
            return List.of(found.group, found.artifact, found.version).stream()
                            .allMatch(part -> PART.matcher(part).matches())
                    ? Optional.of(found)
                    : Optional.empty();
        }

        String packageUrl() {
            return "pkg:maven/" + group + "/" + artifact + "@" + version.replace("+", "%2B");
        }
    }

    /// @param name of the file in the image, whatever it is called here
    static JarContents read(Path jar, String name) throws IOException {
        var found = new ArrayList<Coordinates>();
        var nested = new TreeMap<String, Digest>();
        var manifests = new ArrayList<byte[]>();
        long left = MAX_BYTES;
        try (var zip = new ZipFile(jar.toFile())) {
            if (zip.size() > MAX_ENTRIES) {
                throw malformed("jars of at most " + MAX_ENTRIES + " entries");
            }
            for (var entry :
                    zip.stream().sorted(Comparator.comparing(ZipEntry::getName)).toList()) {
                if (entry.getName().equals(AgentManifest.RESOURCE)) {
                    manifests.add(bytes(zip.getInputStream(entry), AgentManifest.MAX_BYTES));
                } else if (POM.matcher(entry.getName()).matches()) {
                    Coordinates.read(bytes(zip.getInputStream(entry), 1 << 16))
                            .ifPresent(found::add);
                } else if (entry.getName().endsWith(".jar")) {
                    var bytes =
                            bytes(zip.getInputStream(entry), (int) Math.min(left, MAX_ENTRY_BYTES));
                    left -= bytes.length;
                    nested.put(entry.getName(), Digest.of(bytes));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new EvidenceException(Code.MALFORMED_LAYERS, "expected jars that can be read", e);
        }
        var own = own(found, name);
        own.ifPresent(found::remove);
        return new JarContents(own, List.copyOf(found), nested, List.copyOf(manifests));
    }

    private static Optional<Coordinates> own(List<Coordinates> found, String name) {
        if (found.size() == 1) {
            return Optional.of(found.getFirst());
        }
        return found.stream()
                .filter(one ->
                        name.equals(one.artifact() + ".jar")
                                || name.equals(one.artifact() + "-" + one.version() + ".jar"))
                .findFirst();
    }

    private static byte[] bytes(InputStream in, int maximum) throws IOException {
        try (in) {
            var bytes = in.readNBytes(maximum + 1);
            if (bytes.length > maximum) {
                throw malformed("files of at most " + maximum + " bytes");
            }
            return bytes;
        }
    }

    private static EvidenceException malformed(String expected) {
        return new EvidenceException(Code.MALFORMED_LAYERS, "expected " + expected);
    }
}
