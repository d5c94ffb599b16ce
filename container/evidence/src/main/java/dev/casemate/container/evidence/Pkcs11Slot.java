package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Optional;

/// Keys in devices, through the JDK's provider for PKCS#11.
final class Pkcs11Slot {

    private static final String PROVIDER = "SunPKCS11";

    private Pkcs11Slot() {}

    static Signer signer(Path configuration, String alias, Path pinFile) {
        try {
            var template = Security.getProvider(PROVIDER);
            if (template == null) {
                throw new EvidenceException(
                        Code.INVALID_KEY, "expected a JDK with the module jdk.crypto.cryptoki");
            }
            var provider = template.configure(configuration.toString());
            var pin = KeyFiles.firstLine(pinFile);
            var keys = KeyStore.getInstance("PKCS11", provider);
            keys.load(null, pin);
            Arrays.fill(pin, '\0');
            var certificate = keys.getCertificate(alias);
            if (keys.getKey(alias, null) instanceof PrivateKey key && certificate != null) {
                return new Signer.Held(
                        key,
                        TrustedKey.of(certificate.getPublicKey().getEncoded()),
                        Optional.of(provider));
            }
        } catch (GeneralSecurityException
                | IOException
                | ProviderException
                | InvalidParameterException e) {
            throw new EvidenceException(
                    Code.INVALID_KEY,
                    "expected a PKCS#11 configuration, a slot that opens and its PIN",
                    e);
        }
        throw new EvidenceException(
                Code.INVALID_KEY,
                "expected a private key with a certificate under the alias in the slot");
    }
}
