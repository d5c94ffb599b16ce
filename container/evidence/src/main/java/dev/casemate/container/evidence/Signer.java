package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;

/// Whoever holds this may sign: ECDSA on P-256 with SHA-256. Nothing of the key can be read from
/// it.
public sealed interface Signer {

    /// The half that verifies.
    TrustedKey publicKey();

    /// @return the signature over these bytes, in DER
    byte[] sign(byte[] bytes);

    /// A key in a file.
    ///
    /// @param pem PKCS#8 in PEM, plain (then not readable by others) or encrypted
    /// @param passwordFile its first line is the password; needed if the key is encrypted
    static Signer keyFile(Path pem, Optional<Path> passwordFile) {
        return KeyFiles.signer(pem, passwordFile);
    }

    /// A key that stays in a device, reached through PKCS#11.
    ///
    /// @param configuration of the JDK's SunPKCS11 provider: `name`, `library`, `slot`
    /// @param alias of a private key that has a certificate beside it
    /// @param pinFile its first line is the PIN
    static Signer pkcs11(Path configuration, String alias, Path pinFile) {
        return Pkcs11Slot.signer(configuration, alias, pinFile);
    }

    /// A key and the provider that can use it.
    ///
    /// @param provider empty for the JDK's own
    record Held(PrivateKey key, TrustedKey publicKey, Optional<Provider> provider)
            implements Signer {

        static final String ALGORITHM = "SHA256withECDSA";

        /// Signs once for trial, so that a pair that does not match is found before it is used.
        public Held {
            var trial = "casemate".getBytes(StandardCharsets.US_ASCII);
            if (!publicKey.verifies(trial, sign(key, provider, trial))) {
                throw new EvidenceException(
                        Code.INVALID_KEY, "expected a private key and the public key of it");
            }
        }

        @Override
        public byte[] sign(byte[] bytes) {
            return sign(key, provider, bytes);
        }

        private static byte[] sign(PrivateKey key, Optional<Provider> provider, byte[] bytes) {
            try {
                var signature =
                        provider.isPresent()
                                ? Signature.getInstance(ALGORITHM, provider.get())
                                : Signature.getInstance(ALGORITHM);
                signature.initSign(key);
                signature.update(bytes);
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new EvidenceException(
                        Code.SIGNING_FAILED, "expected the key to sign with " + ALGORITHM, e);
            }
        }

        @Override
        public String toString() {
            return "Signer[" + publicKey.id() + "]";
        }
    }
}
