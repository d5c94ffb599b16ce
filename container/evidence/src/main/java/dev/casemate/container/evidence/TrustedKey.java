package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;

/// A public key of ECDSA on P-256 that signatures are held against.
///
/// @param key checked to be on the curve
public record TrustedKey(ECPublicKey key) {

    public TrustedKey {
        if (!key.getParams().getCurve().equals(curve().getCurve())) {
            throw new EvidenceException(Code.INVALID_KEY, "expected a key on the curve P-256");
        }
    }

    /// @param pem a SubjectPublicKeyInfo in PEM
    public static TrustedKey read(Path pem) {
        return of(KeyFiles.block(pem, "PUBLIC KEY"));
    }

    static TrustedKey of(byte[] subjectPublicKeyInfo) {
        try {
            return of(
                    KeyFactory.getInstance("EC")
                            .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo)));
        } catch (GeneralSecurityException e) {
            throw new EvidenceException(Code.INVALID_KEY, "expected a public key of ECDSA", e);
        }
    }

    static TrustedKey of(PublicKey key) {
        if (key instanceof ECPublicKey elliptic) {
            return new TrustedKey(elliptic);
        }
        throw new EvidenceException(Code.INVALID_KEY, "expected a public key of ECDSA");
    }

    static ECParameterSpec curve() {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// The key's name: SHA-256 of its SubjectPublicKeyInfo in hex.
    public String id() {
        return DigestSet.hex(Digest.of(key.getEncoded()));
    }

    /// The key as a PEM file holds it.
    public String pem() {
        return KeyFiles.pem("PUBLIC KEY", key.getEncoded());
    }

    boolean verifies(byte[] bytes, byte[] signature) {
        try {
            var check = Signature.getInstance(Signer.Held.ALGORITHM);
            check.initVerify(key);
            check.update(bytes);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
