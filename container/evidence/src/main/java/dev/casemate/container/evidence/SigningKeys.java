package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/// Makes pairs of keys.
public final class SigningKeys {

    private static final String CIPHER = "PBEWithHmacSHA256AndAES_256";

    /// What OWASP asks for of PBKDF2 with SHA-256.
    private static final int ITERATIONS = 600_000;

    private SigningKeys() {}

    /// As [#create(Path, Path, Optional)], with a private key that is not encrypted.
    public static TrustedKey create(Path privateKey, Path publicKey) {
        return create(privateKey, publicKey, Optional.empty());
    }

    /// Makes a new pair of ECDSA on P-256.
    ///
    /// @param privateKey PKCS#8 in PEM, mode 0600; must not be there yet
    /// @param publicKey SubjectPublicKeyInfo in PEM; must not be there yet
    /// @param passwordFile its first line encrypts the private key
    public static TrustedKey create(Path privateKey, Path publicKey, Optional<Path> passwordFile) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var key = TrustedKey.of(pair.getPublic());
            var encoded = pair.getPrivate().getEncoded();
            write(
                    privateKey,
                    passwordFile.isPresent()
                            ? KeyFiles.pem(KeyFiles.ENCRYPTED, encrypt(encoded, passwordFile.get()))
                            : KeyFiles.pem(KeyFiles.PLAIN, encoded),
                    "rw-------");
            write(publicKey, key.pem(), "rw-r--r--");
            return key;
        } catch (GeneralSecurityException | IOException e) {
            throw new EvidenceException(
                    Code.INVALID_KEY,
                    "expected a JDK that encrypts keys, and two places where no file is yet",
                    e);
        }
    }

    private static byte[] encrypt(byte[] encoded, Path passwordFile)
            throws GeneralSecurityException, IOException {
        var password = KeyFiles.firstLine(passwordFile);
        if (password.length == 0) {
            throw new EvidenceException(Code.INVALID_KEY, "expected a password that is not empty");
        }
        var secret = SecretKeyFactory.getInstance(CIPHER).generateSecret(new PBEKeySpec(password));
        var salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(Cipher.ENCRYPT_MODE, secret, new PBEParameterSpec(salt, ITERATIONS));
        // Under its own name the JDK has no number for the cipher; under that of the scheme it has.
        var parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(encoded)).getEncoded();
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        var attribute =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        try (var channel =
                Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attribute)) {
            channel.write(StandardCharsets.US_ASCII.encode(text));
        }
    }
}
