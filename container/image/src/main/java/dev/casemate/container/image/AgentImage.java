package dev.casemate.container.image;

import java.nio.file.Path;
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
    /// restraining Java options, for tests that show what the sealing stops. Labelled
    /// `dev.casemate.sealed=false`. The jars need no manifest.
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
            Path work,
            Consumer<String> progress) {
        progress.accept("building " + kind + " image " + request.reference());
        if (output.startsWith(work)) {
            throw new ImageException(
                    ImageException.Code.INVALID_REQUEST,
                    "expected an archive outside of the work directory");
        }
        throw new ImageException(ImageException.Code.ARCHIVE_FAILED, "nothing builds images yet");
    }
}
