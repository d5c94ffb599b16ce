package dev.casemate.container.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/// An OCI image as one file, made of layers on nothing: skeleton, C library, runtime, agent, and
/// the archive of the start.
///
/// Every file belongs to root and has one fixed time, so that only contents decide the digest.
final class ImageArchive {

    static final String USER = "65532:65532";

    private static final Instant TIME = RuntimeLinker.FILE_TIME.toInstant();
    private static final String OWNER = "0:0";
    private static final FilePermissions READABLE = FilePermissions.fromOctalString("444");
    private static final FilePermissions ENTERABLE = FilePermissions.fromOctalString("555");
    private static final FilePermissions ANYBODYS = FilePermissions.fromOctalString("777");

    /// A process of a program that its user cannot read cannot be read through /proc either, nor
    /// written: Java that writes into the code of its own virtual machine is stopped by this.
    private static final FilePermissions STARTABLE = FilePermissions.fromOctalString("111");

    private final ImageRequest request;
    private final ImageKind kind;
    private final ImagePlatform platform;
    private final Path scratch;

    /// @param scratch an empty directory that lasts as long as this object
    ImageArchive(ImageRequest request, ImageKind kind, ImagePlatform platform, Path scratch) {
        this.request = request;
        this.kind = kind;
        this.platform = platform;
        this.scratch = scratch;
    }

    /// @param agent names of the agent's own classes
    /// @param archive where the file goes
    BuiltImage write(Path runtime, CLibrary cLibrary, Set<String> agent, Path archive)
            throws IOException {
        var image =
                Jib.fromScratch()
                        .setFormat(ImageFormat.OCI)
                        .setPlatforms(Set.of(new Platform(platform.ociName(), "linux")))
                        .setCreationTime(Instant.EPOCH)
                        .setUser(USER)
                        .setWorkingDirectory(AbsoluteUnixPath.get("/app"))
                        .setEntrypoint(entrypoint())
                        .setLabels(labels())
                        .addFileEntriesLayer(skeleton())
                        .addFileEntriesLayer(cLibrary(cLibrary))
                        .addFileEntriesLayer(runtime(runtime))
                        .addFileEntriesLayer(agent());
        if (kind.isSealed()) {
            image.addFileEntriesLayer(start(runtime, agent));
        }
        var container = containerize(image, archive);
        return new BuiltImage(
                archive,
                request.reference(),
                new Digest(container.getDigest().toString()),
                new Digest(container.getImageId().toString()),
                request.manifest().digest());
    }

    private JibContainer containerize(JibContainerBuilder image, Path archive) throws IOException {
        try {
            return image.containerize(
                    Containerizer.to(TarImage.at(archive).named(request.reference()))
                            .setOfflineMode(true)
                            .setToolName("casemate")
                            .setApplicationLayersCache(scratch.resolve("layers"))
                            .setBaseImageLayersCache(scratch.resolve("base")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException(Code.ARCHIVE_FAILED, "interrupted", e);
        } catch (ExecutionException
                | RegistryException
                | CacheDirectoryCreationException
                | InvalidImageReferenceException e) {
            throw new ImageException(
                    Code.ARCHIVE_FAILED, "expected to write " + archive.getFileName(), e);
        }
    }

    /// The class path is spelled out: a wildcard takes the order of the directory.
    private List<String> entrypoint() {
        var classPath = jars().stream().map(jar -> "/app/lib/" + jar.getFileName()).toList();
        var entrypoint = new ArrayList<>(List.of("/opt/java/bin/java", "@/app/java.args"));
        if (kind.isSealed()) {
            entrypoint.add(StartArchive.OPTION);
        }
        entrypoint.addAll(List.of("-cp", String.join(":", classPath), request.mainClass()));
        return List.copyOf(entrypoint);
    }

    private List<Path> jars() {
        return request.jars().stream()
                .sorted(Comparator.comparing(jar -> jar.getFileName().toString()))
                .toList();
    }

    private Map<String, String> labels() {
        var manifest = request.manifest();
        var labels = new LinkedHashMap<String, String>();
        labels.put("org.opencontainers.image.title", manifest.name());
        labels.put("org.opencontainers.image.version", manifest.version());
        labels.put("org.opencontainers.image.revision", request.revision());
        labels.put("dev.casemate.manifest.digest", manifest.digest().value());
        if (kind == ImageKind.PROBE) {
            labels.put("dev.casemate.probe", "true");
        }
        if (!kind.isSealed()) {
            labels.put("dev.casemate.sealed", "false");
        }
        return labels;
    }

    private FileEntriesLayer skeleton() throws IOException {
        var layer = FileEntriesLayer.builder().setName("skeleton");
        var empty = Files.createDirectory(scratch.resolve("empty"));
        for (var directory :
                List.of("/dev", "/etc", "/proc", "/run", Deployment.DIRECTORY, "/sys")) {
            add(layer, empty, directory, ENTERABLE);
        }
        add(layer, empty, "/tmp", ANYBODYS);
        var passwd = "agent:x:65532:65532:agent:/nonexistent:/nonexistent\n";
        add(
                layer,
                file("passwd", passwd.getBytes(StandardCharsets.UTF_8)),
                "/etc/passwd",
                READABLE);
        var switches = "hosts: files\npasswd: files\ngroup: files\n";
        add(
                layer,
                file("nsswitch", switches.getBytes(StandardCharsets.UTF_8)),
                "/etc/nsswitch.conf",
                READABLE);
        return layer.build();
    }

    private static FileEntriesLayer cLibrary(CLibrary cLibrary) {
        var layer = FileEntriesLayer.builder().setName("c-library");
        cLibrary.files().forEach((place, file) -> add(layer, file, place, ENTERABLE));
        return layer.build();
    }

    private FileEntriesLayer runtime(Path runtime) throws IOException {
        var layer = FileEntriesLayer.builder().setName("runtime");
        for (var path : tree(runtime)) {
            var name = runtime.relativize(path).toString();
            if (kind.isSealed() && name.equals(RuntimeLinker.ARCHIVE)) {
                continue; // the archive of the start is in its place
            }
            var place = name.isEmpty() ? "/opt/java" : "/opt/java/" + name;
            add(layer, path, place, permissions(path, name));
        }
        return layer.build();
    }

    private FilePermissions permissions(Path path, String name) {
        if (name.equals("bin/java")) {
            return kind.isSealed() ? STARTABLE : ENTERABLE;
        }
        boolean program = name.equals("lib/jspawnhelper");
        return Files.isDirectory(path) || program ? ENTERABLE : READABLE;
    }

    private FileEntriesLayer agent() throws IOException {
        var layer = FileEntriesLayer.builder().setName("agent");
        for (var jar : jars()) {
            add(layer, jar, "/app/lib/" + jar.getFileName(), READABLE);
        }
        var options = JavaOptions.of(kind.isSealed()).bytes();
        add(layer, file("java.args", options), "/app/java.args", READABLE);
        var document = CanonicalJson.bytes(request.manifest().toJson());
        add(layer, file("manifest.json", document), "/app/manifest.json", READABLE);
        return layer.build();
    }

    private FileEntriesLayer start(Path runtime, Set<String> agent) throws IOException {
        var work = Files.createDirectory(scratch.resolve("start"));
        var layer = FileEntriesLayer.builder().setName("start");
        var archive = StartArchive.write(runtime, jars(), agent, work);
        add(layer, archive, StartArchive.PLACE, READABLE);
        return layer.build();
    }

    private static void add(
            FileEntriesLayer.Builder layer, Path source, String place, FilePermissions mode) {
        layer.addEntry(source, AbsoluteUnixPath.get(place), mode, TIME, OWNER);
    }

    private Path file(String name, byte[] contents) throws IOException {
        return Files.write(scratch.resolve(name), contents);
    }

    private static List<Path> tree(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            return new ArrayList<>(paths.sorted(Comparator.comparing(Path::toString)).toList());
        }
    }
}
