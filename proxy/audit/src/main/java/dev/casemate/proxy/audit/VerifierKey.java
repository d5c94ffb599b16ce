package dev.casemate.proxy.audit;

/// The public key that a ledger's checkpoints are held against.
public record VerifierKey(String name) {

    /// Reads a C2SP vkey: `name+keyid+base64`.
    public static VerifierKey read(String vkey) {
        return new VerifierKey(vkey);
    }
}
