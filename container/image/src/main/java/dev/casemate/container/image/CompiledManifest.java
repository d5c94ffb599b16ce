package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.ManifestException;

/// Holds the manifest that is asked for against the one that the compiler put into the jars.
final class CompiledManifest {

    private CompiledManifest() {}

    /// @throws ImageException with code `MANIFEST_MISMATCH`
    static void require(ImageKind kind, AgentManifest expected, AgentJars jars) {
        int documents = jars.manifests().size();
        switch (kind) {
            case AGENT -> {
                if (documents != 1) {
                    throw mismatch("expected one in the jars, found " + documents);
                }
            }
            case PROBE -> {
                if (documents != 0) {
                    throw mismatch("expected none in a probe's jars: build an agent as an agent");
                }
            }
            case UNSEALED -> {
                if (documents > 1) {
                    throw mismatch("expected at most one in the jars, found " + documents);
                }
            }
        }
        for (var document : jars.manifests()) {
            requireSame(expected, document);
        }
    }

    private static void requireSame(AgentManifest expected, byte[] document) {
        try {
            if (AgentManifest.read(document).digest().equals(expected.digest())) {
                return;
            }
        } catch (ManifestException e) {
            throw new ImageException(
                    Code.MANIFEST_MISMATCH, "expected a manifest in the jars that can be read", e);
        }
        throw mismatch("expected the one in the jars to have the digest of the requested one");
    }

    private static ImageException mismatch(String expected) {
        return new ImageException(Code.MANIFEST_MISMATCH, AgentManifest.RESOURCE + ": " + expected);
    }
}
