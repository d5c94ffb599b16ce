package dev.casemate.container.image;

import dev.casemate.manifest.Digest;
import java.nio.file.Path;

/// An image that lies in a file and nowhere else.
///
/// @param archive OCI image layout as one tar; `podman load` and `skopeo copy oci-archive:` read it
/// @param reference the name that the archive carries
/// @param digest of the OCI image manifest; the same inputs give the same digest
/// @param imageId digest of the image's configuration, which podman shows as its id
/// @param agentManifest the agent manifest that the image was built for
public record BuiltImage(
        Path archive, String reference, Digest digest, Digest imageId, Digest agentManifest) {}
