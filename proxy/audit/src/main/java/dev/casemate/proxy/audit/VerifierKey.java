package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The public key that a ledger's checkpoints are held against.
///
/// Source: C2SP signed-note, verifier keys.
///
/// @param name the key's name, which is the log's origin
/// @param key Ed25519
public record VerifierKey(String name, PublicKey key) {

    static final int ID_BYTES = 4;

    private static final byte ED25519 = 1;
    private static final int KEY_BYTES = 32;

    // The DER that stands before the 32 bytes of an Ed25519 key in X.509 (RFC 8410).
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    public VerifierKey {
        var encoded = key.getEncoded();
        boolean ed25519 =
                encoded.length == X509.length + KEY_BYTES
                        && Arrays.equals(Arrays.copyOf(encoded, X509.length), X509);
        if (!ed25519) {
            throw new LedgerException(Code.KEY, "expected an Ed25519 key");
        }
    }

    /// Reads a C2SP vkey: `name+keyid+base64`.
    ///
    /// @throws LedgerException with code `KEY`
    public static VerifierKey read(String vkey) {
        var parts = vkey.strip().split("\\+", 3);
        try {
            var typed = Base64.getDecoder().decode(parts[parts.length - 1]);
            if (parts.length == 3 && typed.length == 1 + KEY_BYTES && typed[0] == ED25519) {
                var key = new VerifierKey(parts[0], publicKey(typed));
                if (HexFormat.of().formatHex(key.id()).equals(parts[1])) {
                    return key;
                }
            }
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new LedgerException(Code.KEY, "expected a vkey: name+keyid+base64", e);
        }
        throw new LedgerException(Code.KEY, "expected an Ed25519 vkey: name+keyid+base64");
    }

    private static PublicKey publicKey(byte[] typed) throws GeneralSecurityException {
        var encoded = Arrays.copyOf(X509, X509.length + KEY_BYTES);
        System.arraycopy(typed, 1, encoded, X509.length, KEY_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /// The key in the form that [#read] takes.
    public String vkey() {
        return name
                + "+"
                + HexFormat.of().formatHex(id())
                + "+"
                + Base64.getEncoder().encodeToString(typed());
    }

    byte[] id() {
        var hash = MerkleTree.sha256();
        hash.update((name + "\n").getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(hash.digest(typed()), ID_BYTES);
    }

    private byte[] typed() {
        var encoded = key.getEncoded();
        var typed = new byte[1 + KEY_BYTES];
        typed[0] = ED25519;
        System.arraycopy(encoded, encoded.length - KEY_BYTES, typed, 1, KEY_BYTES);
        return typed;
    }

    boolean verifies(String text, byte[] signature) {
        try {
            var check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text.getBytes(StandardCharsets.UTF_8));
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // not the form of a signature
        }
    }
}
