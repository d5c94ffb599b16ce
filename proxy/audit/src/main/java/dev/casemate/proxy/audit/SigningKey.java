package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;

/// The Ed25519 key that signs checkpoints. It prints as its name.
final class SigningKey {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String END = "\n-----END PRIVATE KEY-----\n";

    private final PrivateKey secret;
    private final VerifierKey verifier;

    private SigningKey(PrivateKey secret, VerifierKey verifier) {
        this.secret = secret;
        this.verifier = verifier;
    }

    /// Reads the key of a log, or makes it.
    ///
    /// @param mayMake whether the log is new: a log that has records keeps its key
    /// @throws LedgerException with code `KEY` or `IO`
    static SigningKey open(Path file, String name, boolean mayMake, Disk disk) {
        try {
            if (Files.notExists(file)) {
                if (!mayMake) {
                    throw new LedgerException(
                            Code.KEY, file + " is missing: restore it, this ledger has records");
                }
                make(file, disk);
            }
            return read(file, name);
        } catch (IOException e) {
            throw new LedgerException(Code.IO, "cannot read or make the key " + file, e);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new LedgerException(
                    Code.KEY, file + ": expected an Ed25519 private key, PKCS#8 in PEM", e);
        }
    }

    private static void make(Path file, Disk disk) throws IOException, GeneralSecurityException {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var encoded = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
        disk.publish(file, BEGIN + encoded + END);
    }

    private static SigningKey read(Path file, String name)
            throws IOException, GeneralSecurityException {
        var others = EnumSet.allOf(PosixFilePermission.class);
        others.removeAll(
                EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE));
        others.retainAll(Files.getPosixFilePermissions(file));
        if (!others.isEmpty()) {
            throw new LedgerException(
                    Code.KEY, file + " is open to others: chmod 600, and change the key");
        }
        var pem = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!pem.startsWith(BEGIN) || !pem.endsWith(END.strip())) {
            throw new IllegalArgumentException("not PEM");
        }
        var body = pem.substring(BEGIN.length(), pem.length() - END.strip().length());
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
        var secret = KeyFactory.getInstance("Ed25519").generatePrivate(encoded);
        var key = new SigningKey(secret, new VerifierKey(name, pair(secret).getPublic()));
        if (!key.verifier.verifies(name, key.signature(name))) {
            throw new GeneralSecurityException("the public half does not fit");
        }
        return key;
    }

    // The JDK derives a public key only while it makes a pair; from the same 32 bytes it makes the
    // same pair.
    private static KeyPair pair(PrivateKey secret) throws GeneralSecurityException {
        var seed = ((EdECPrivateKey) secret).getBytes().orElseThrow();
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(255, new FixedRandom(seed));
        return generator.generateKeyPair();
    }

    /// Where the public key lies, for whoever verifies. It is written once the ledger is made.
    static Path publicFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".vkey");
    }

    /// @throws LedgerException with code `KEY` if another public key lies there
    void publish(Path file) throws IOException {
        var beside = publicFile(file);
        var vkey = verifier.vkey() + "\n";
        if (Files.notExists(beside)) {
            var next = beside.resolveSibling(beside.getFileName() + ".new");
            Files.writeString(next, vkey);
            Files.move(next, beside, StandardCopyOption.ATOMIC_MOVE);
        } else if (!Files.readString(beside).equals(vkey)) {
            throw new LedgerException(
                    Code.KEY, beside + " names another key or origin than " + file);
        }
    }

    VerifierKey verifier() {
        return verifier;
    }

    byte[] signature(String text) {
        try {
            var signer = Signature.getInstance("Ed25519");
            signer.initSign(secret);
            signer.update(text.getBytes(StandardCharsets.UTF_8));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new LedgerException(Code.KEY, "cannot sign with " + verifier.name(), e);
        }
    }

    @Override
    public String toString() {
        return verifier.name();
    }

    /// Gives the bytes that it was made with.
    private static final class FixedRandom extends SecureRandom {
        private final byte[] seed;

        FixedRandom(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("expected to be asked for one Ed25519 seed");
            }
            System.arraycopy(seed, 0, bytes, 0, seed.length);
        }
    }
}
