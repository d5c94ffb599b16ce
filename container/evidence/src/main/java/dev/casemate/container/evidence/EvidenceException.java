package dev.casemate.container.evidence;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Evidence that was not made, or that does not hold: the first thing that is wrong, and what to do
/// about it.
public final class EvidenceException extends RuntimeException {

    /// What does not hold.
    public enum Code {
        /// The archive is not in the one form in which it is written, or could not be read.
        MALFORMED_ARCHIVE,
        /// A blob that is not what its digest or its size says.
        DIGEST_MISMATCH,
        /// A blob that nothing leads to, or one that something leads to and that is not there.
        UNACCOUNTED_BLOB,
        /// The archive carries no signature and no attestations.
        NOT_SIGNED,
        /// A signature that no trusted key made over what is there.
        BAD_SIGNATURE,
        /// A signed statement about another image, or about this one under another name.
        OTHER_IMAGE,
        /// A document of the evidence that is not in the one form in which it is written.
        MALFORMED_EVIDENCE,
        /// Layers that hold anything but regular files and directories, each once.
        MALFORMED_LAYERS,
        /// An image whose runtime is not sealed, or of a program that is no agent.
        NOT_SEALED,
        /// The agent's manifest differs between label, file and jar.
        MANIFEST_MISMATCH,
        /// The list of components is not that of this image's files.
        SBOM_MISMATCH,
        /// The provenance names other parts, or another revision, than this image has.
        PROVENANCE_MISMATCH,
        /// The analyzer judged other jars, or found what the manifest does not declare.
        CERTIFICATE_MISMATCH,
        /// A key that cannot be read, or is not one of ECDSA on P-256.
        INVALID_KEY,
        /// Facts of a build that cannot be stated.
        INVALID_FACTS,
        /// The key, the slot or gpg did not sign.
        SIGNING_FAILED,
        /// The archive with its evidence could not be written.
        WRITE_FAILED,
        /// A program is missing, or it failed.
        COMMAND_FAILED
    }

    private final Code code;

    /// @param message what was expected and what to do; no contents of documents
    EvidenceException(Code code, String message) {
        this(code, message, null);
    }

    EvidenceException(Code code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }
}
