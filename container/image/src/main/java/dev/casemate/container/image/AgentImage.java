package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.function.Consumer;

/// Makes container images for agents: a sealed Java runtime, the C library that it needs, the
/// agent's jars, and nothing else.
///
/// The same request, built by the same release of the JDK on the same C library, gives the same
/// image, bit for bit. Nothing is read from or sent to a network.
public final class AgentImage {

    private AgentImage() {}

    /// Builds the image that may go into production.
    ///
    /// @param output where the OCI archive goes; replaced if it is there
    /// @param work a directory for what is kept between builds (the runtime); made if missing
    /// @param progress gets a line per step, for people
    /// @throws ImageException if anything is not as the request says; then no archive is left
    public static BuiltImage build(
            ImageRequest request, Path output, Path work, Consumer<String> progress) {
        return build(ImageKind.AGENT, request, output, work, progress);
    }

    /// Builds an image of a program that is not an agent, such as a probe of the container: the
    /// same runtime, but the jars carry no manifest. Labelled `dev.casemate.probe=true`.
    ///
    /// The parameters are those of [#build]; the request's manifest names the limits to be
    /// enforced.
    public static BuiltImage buildProbe(
            ImageRequest request, Path output, Path work, Consumer<String> progress) {
        return build(ImageKind.PROBE, request, output, work, progress);
    }

    /// Builds the same image on a runtime from which nothing was removed and without the
    /// restraining Java options, with the modules that the probe tries, for tests that show what
    /// the sealing stops. Labelled `dev.casemate.sealed=false`. The jars need no manifest.
    ///
    /// The parameters are those of [#build].
    public static BuiltImage buildUnsealed(
            ImageRequest request, Path output, Path work, Consumer<String> progress) {
        return build(ImageKind.UNSEALED, request, output, work, progress);
    }

    private static BuiltImage build(
            ImageKind kind,
            ImageRequest request,
            Path output,
            Path directory,
            Consumer<String> progress) {
        // Programs that are run here have working directories of their own.
        var work = directory.toAbsolutePath();
        var platform = ImagePlatform.current();
        var jars = AgentJars.read(request.jars());
        CompiledManifest.require(kind, request.manifest(), jars);
        if (jars.besides(request.mainClass()).isEmpty()) {
            throw new ImageException(Code.INVALID_REQUEST, "expected the main class in the jars");
        }
        var needed = RuntimeModules.forPackages(jars.packages());
        var modules = kind.isSealed() ? needed : needed.withTried();
        needed.withheld()
                .forEach((name, reason) ->
                        progress.accept("withheld: " + name + " (" + reason + ")"));
        try {
            Files.createDirectories(work);
            Files.createDirectories(output.toAbsolutePath().getParent());
            var runtime =
                    new RuntimeLinker(work.resolve("runtimes"), progress)
                            .link(modules.included(), modules.named(jars.named()), kind.isSealed());
            var cLibrary = CLibrary.neededBy(runtime, platform);
            progress.accept("image: writing " + request.reference());
            return write(
                    new Parts(runtime, cLibrary, platform, jars.besides(request.mainClass())),
                    kind,
                    request,
                    output,
                    work);
        } catch (IOException | UncheckedIOException e) {
            throw new ImageException(
                    Code.ARCHIVE_FAILED,
                    "expected to read the jars and to write below the work directory",
                    e);
        }
    }

    /// @param agent names of the agent's own classes
    private record Parts(
            Path runtime, CLibrary cLibrary, ImagePlatform platform, Set<String> agent) {
        Parts {
            agent = Set.copyOf(agent);
        }
    }

    private static BuiltImage write(
            Parts parts, ImageKind kind, ImageRequest request, Path output, Path work)
            throws IOException {
        var scratch = Files.createTempDirectory(work, ".image-");
        try {
            var fresh = scratch.resolve("image.tar");
            var image =
                    new ImageArchive(request, kind, parts.platform(), scratch)
                            .write(parts.runtime(), parts.cLibrary(), parts.agent(), fresh);
            Files.move(fresh, output, StandardCopyOption.REPLACE_EXISTING);
            return new BuiltImage(
                    output,
                    image.reference(),
                    image.digest(),
                    image.imageId(),
                    image.agentManifest());
        } finally {
            FileTree.delete(scratch);
        }
    }
}
