package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// Keys and passwords as files hold them.
final class KeyFiles {

    static final String PLAIN = "PRIVATE KEY";
    static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

    private static final int MAX_BYTES = 1 << 16;
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----\\s*");

    private KeyFiles() {}

    static Signer signer(Path pem, Optional<Path> passwordFile) {
        try {
            var encoded =
                    label(pem).equals(ENCRYPTED)
                            ? decrypt(block(pem, ENCRYPTED), passwordFile)
                            : plain(pem);
            var key =
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
            Arrays.fill(encoded, (byte) 0);
            if (key instanceof ECPrivateKey elliptic) {
                return new Signer.Held(key, publicKey(elliptic), Optional.empty());
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new EvidenceException(
                    Code.INVALID_KEY,
                    "expected a private key of ECDSA as PKCS#8 in PEM, and its password",
                    e);
        }
        throw new EvidenceException(Code.INVALID_KEY, "expected a private key of ECDSA");
    }

    private static byte[] plain(Path pem) throws IOException {
        if (Files.getPosixFilePermissions(pem).contains(PosixFilePermission.OTHERS_READ)) {
            throw new EvidenceException(
                    Code.INVALID_KEY, "expected a key file that others cannot read; chmod 600 it");
        }
        return block(pem, PLAIN);
    }

    private static byte[] decrypt(byte[] encoded, Optional<Path> passwordFile)
            throws GeneralSecurityException, IOException {
        var info = new EncryptedPrivateKeyInfo(encoded);
        // For PBES2 the name of the parameters says which ciphers they are of.
        var algorithm = info.getAlgParameters().toString();
        var password =
                firstLine(
                        passwordFile.orElseThrow(() ->
                                new EvidenceException(
                                        Code.INVALID_KEY,
                                        "expected a password file for an encrypted key")));
        var specification = new PBEKeySpec(password);
        try {
            var cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(specification),
                    info.getAlgParameters());
            return cipher.doFinal(info.getEncryptedData());
        } finally {
            specification.clearPassword();
            Arrays.fill(password, '\0');
        }
    }

    static char[] firstLine(Path file) throws IOException {
        var text = text(file);
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).replaceFirst("\r$", "").toCharArray();
    }

    private static String label(Path pem) {
        try {
            var matcher = BLOCK.matcher(text(pem));
            if (matcher.matches()) {
                return matcher.group(1);
            }
        } catch (IOException e) {
            throw new EvidenceException(
                    Code.INVALID_KEY, "expected a key file that can be read", e);
        }
        throw new EvidenceException(Code.INVALID_KEY, "expected one PEM block and nothing else");
    }

    /// The bytes of a file's only PEM block.
    static byte[] block(Path pem, String label) {
        try {
            var matcher = BLOCK.matcher(text(pem));
            if (matcher.matches() && matcher.group(1).equals(label)) {
                return Base64.getDecoder().decode(matcher.group(2).replaceAll("\\s", ""));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new EvidenceException(
                    Code.INVALID_KEY, "expected a key file in PEM that can be read", e);
        }
        throw new EvidenceException(
                Code.INVALID_KEY, "expected one PEM block \"" + label + "\" and nothing else");
    }

    private static String text(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        }
    }

    static String pem(String label, byte[] encoded) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    /// The public key that belongs to a private one: the JDK computes it only inside of itself.
    private static TrustedKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
        var curve = TrustedKey.curve();
        if (!key.getParams().getCurve().equals(curve.getCurve())) {
            throw new EvidenceException(Code.INVALID_KEY, "expected a key on the curve P-256");
        }
        var prime = ((ECFieldFp) curve.getCurve().getField()).getP();
        var a = curve.getCurve().getA();
        var sum = ECPoint.POINT_INFINITY;
        for (int bit = key.getS().bitLength() - 1; bit >= 0; bit--) {
            sum = add(sum, sum, a, prime);
            if (key.getS().testBit(bit)) {
                sum = add(sum, curve.getGenerator(), a, prime);
            }
        }
        return TrustedKey.of(
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(sum, curve)));
    }

    private static ECPoint add(ECPoint one, ECPoint two, BigInteger a, BigInteger prime) {
        if (one.equals(ECPoint.POINT_INFINITY)) {
            return two;
        }
        if (two.equals(ECPoint.POINT_INFINITY)) {
            return one;
        }
        var x = one.getAffineX();
        var y = one.getAffineY();
        var slope =
                one.equals(two)
                        ? x.pow(2)
                                .multiply(BigInteger.valueOf(3))
                                .add(a)
                                .multiply(y.shiftLeft(1).modInverse(prime))
                        : two.getAffineY()
                                .subtract(y)
                                .multiply(two.getAffineX().subtract(x).modInverse(prime));
        var newX = slope.pow(2).subtract(x).subtract(two.getAffineX()).mod(prime);
        return new ECPoint(newX, slope.multiply(x.subtract(newX)).subtract(y).mod(prime));
    }
}
