package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// An image's layers, one over the other, with the regular files that matter to Java unpacked:
/// jars, files of options and runtimes.
///
/// @param root where they lie
/// @param paths absolute paths in the image of the files that were unpacked
/// @param links absolute paths of what is neither a regular file nor a directory: Java would follow
///   it, and nothing here does
/// @param arguments the entry point and the command
/// @param environment `NAME=value` each
record ImageLayers(
        Path root,
        TreeSet<String> paths,
        TreeSet<String> links,
        List<String> arguments,
        List<String> environment) {

    /// The most bytes that are unpacked of one image.
    static final long MAX_BYTES = 4L << 30;

    /// The largest document of an image: index, manifest or configuration.
    private static final int MAX_DOCUMENT_BYTES = 4 << 20;

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    static ImageLayers unpack(Path archive, Path directory) throws IOException {
        var layout = Files.createDirectory(directory.resolve("layout"));
        unpackLayout(archive, layout);
        var index = document(layout.resolve("index.json"));
        var manifest = document(blob(layout, ImageSummary.entry(index)));
        var configuration = document(blob(layout, object(manifest, "config")));
        var config = object(configuration, "config");
        var arguments = new ArrayList<>(strings(config, "Entrypoint"));
        arguments.addAll(strings(config, "Cmd"));
        var image =
                new ImageLayers(
                        Files.createDirectory(directory.resolve("files")),
                        new TreeSet<>(),
                        new TreeSet<>(),
                        arguments,
                        strings(config, "Env"));
        var left = MAX_BYTES;
        for (var layer : items(manifest, "layers")) {
            left = image.add(blob(layout, layer), left);
        }
        return image;
    }

    static void unpackLayout(Path archive, Path layout) throws IOException {
        long left = MAX_BYTES;
        try (var tar = tar(Files.newInputStream(archive))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var name = entry.getName().replaceFirst("^\\./", "");
                if (entry.isFile() && name.matches("index\\.json|blobs/sha256/[0-9a-f]{64}")) {
                    left = spend(left, entry);
                    var file = layout.resolve(name);
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                }
            }
        }
    }

    private static long spend(long left, TarArchiveEntry entry) {
        if (entry.getSize() > left) {
            throw refused("an image of at most " + MAX_BYTES + " bytes");
        }
        return left - entry.getSize();
    }

    static Path blob(Path layout, Json.Obj descriptor) throws IOException {
        var digest = new Digest(descriptor.text("digest").orElse(""));
        var file = layout.resolve("blobs/" + digest.value().replace(':', '/'));
        if (!Digest.of(Files.readAllBytes(file)).equals(digest)) {
            throw refused("a blob with its own digest: " + digest);
        }
        return file;
    }

    private long add(Path layer, long allowed) throws IOException {
        long left = allowed;
        try (var tar = tar(plain(layer))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var path = "/" + entry.getName().replaceFirst("^\\.?/", "");
                if (path.contains("/../") || path.endsWith("/..") || path.indexOf('\0') >= 0) {
                    throw refused("layers without paths that lead upwards");
                }
                if (path.substring(path.lastIndexOf('/') + 1).startsWith(WHITEOUT)) {
                    remove(path);
                } else if (entry.isDirectory()) {
                    links.remove(path.replaceFirst("/$", ""));
                } else {
                    left = replace(path, entry, tar, left);
                }
            }
        }
        return left;
    }

    /// What stood at a path goes, and if that was a directory, all that was in it.
    private long replace(String path, TarArchiveEntry entry, InputStream contents, long left)
            throws IOException {
        removeAt(path);
        if (!isRegular(entry)) {
            links.add(path);
        } else if (matters(path)) {
            if (links.stream().anyMatch(link -> path.startsWith(link + "/"))) {
                throw refused("no file of Java's below a link: " + path);
            }
            long rest = spend(left, entry);
            put(path, contents);
            return rest;
        }
        return left;
    }

    /// By its type alone: the entry's own `isFile` is true of links and devices.
    private static boolean isRegular(TarArchiveEntry entry) {
        return entry.getLinkFlag() == TarConstants.LF_NORMAL
                || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    }

    /// As Java tells them where a class path says `*`.
    static boolean isJar(String path) {
        return path.endsWith(".jar") || path.endsWith(".JAR");
    }

    private static boolean matters(String path) {
        return isJar(path)
                || path.endsWith("/lib/modules")
                || path.endsWith(".args")
                || path.endsWith(".argfile");
    }

    private void put(String path, InputStream contents) throws IOException {
        var file = place(path);
        Files.createDirectories(file.getParent());
        Files.copy(contents, file, StandardCopyOption.REPLACE_EXISTING);
        paths.add(path);
    }

    private void remove(String whiteout) throws IOException {
        int slash = whiteout.lastIndexOf('/') + 1;
        var name = whiteout.substring(slash);
        var target =
                name.equals(OPAQUE)
                        ? whiteout.substring(0, slash)
                        : whiteout.substring(0, slash) + name.substring(WHITEOUT.length());
        removeAt(target);
    }

    private void removeAt(String target) throws IOException {
        var below = target.replaceFirst("/?$", "/");
        for (var path : List.copyOf(paths)) {
            if (path.equals(target) || path.startsWith(below)) {
                forget(path);
            }
        }
        links.removeIf(link -> link.equals(target) || link.startsWith(below));
    }

    private void forget(String path) throws IOException {
        if (paths.remove(path)) {
            Files.delete(place(path));
        }
    }

    /// Where a path of the image lies, whether it is there or not.
    Path place(String path) {
        var place = root.resolve(path.substring(1)).normalize();
        if (!path.startsWith("/") || !place.startsWith(root)) {
            throw refused("absolute paths in the entry point, not " + path);
        }
        return place;
    }

    /// @throws ImageException if it is not a regular file of the image; a link to one is not
    ///   followed
    Path file(String path) {
        if (!paths.contains(path)) {
            throw refused("the file that the entry point names: " + path);
        }
        return place(path);
    }

    /// @throws ImageException if a link lies where it would be taken for one of these files
    void requireNoLinks(Predicate<String> files) {
        if (links.stream().anyMatch(files)) {
            throw refused("regular files where Java finds jars and itself, not links");
        }
    }

    List<String> endingWith(String suffix) {
        return paths.stream().filter(path -> path.endsWith(suffix)).toList();
    }

    private static TarArchiveInputStream tar(InputStream in) {
        return new TarArchiveInputStream(new BufferedInputStream(in));
    }

    private static InputStream plain(Path layer) throws IOException {
        var in = new BufferedInputStream(Files.newInputStream(layer));
        in.mark(2);
        boolean zipped = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return zipped ? new GZIPInputStream(in) : in;
    }

    static Json.Obj document(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_DOCUMENT_BYTES + 1);
            if (bytes.length <= MAX_DOCUMENT_BYTES
                    && JsonReader.read(bytes) instanceof Json.Obj object) {
                return object;
            }
            throw refused("documents of an OCI image");
        }
    }

    static Json.Obj object(Json.Obj object, String name) {
        if (object.get(name).orElse(null) instanceof Json.Obj member) {
            return member;
        }
        throw refused("the member " + name + " in a document of the image");
    }

    static List<Json.Obj> items(Json.Obj object, String name) {
        var objects = new ArrayList<Json.Obj>();
        if (object.get(name).orElse(null) instanceof Json.Arr(var items)) {
            for (var item : items) {
                if (item instanceof Json.Obj member) {
                    objects.add(member);
                }
            }
        }
        return objects;
    }

    private static List<String> strings(Json.Obj object, String name) {
        var texts = new ArrayList<String>();
        if (object.get(name).orElse(null) instanceof Json.Arr(var items)) {
            for (var item : items) {
                if (item instanceof Json.Str(var text)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    static ImageException refused(String expected) {
        return new ImageException(Code.UNREADABLE_IMAGE, "expected " + expected);
    }
}
