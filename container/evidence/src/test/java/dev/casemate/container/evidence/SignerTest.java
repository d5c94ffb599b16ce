package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignerTest {

    private static final byte[] MESSAGE = TestImage.text("message");

    @TempDir private Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    @Test
    void aNewKeySignsAndItsPublicHalfVerifies() throws IOException {
        var key = SigningKeys.create(file("k.pem"), file("k.pub"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("k.pem"))))
                .isEqualTo("rw-------");
        var signer = Signer.keyFile(file("k.pem"), Optional.empty());
        assertThat(signer.publicKey()).isEqualTo(key);
        assertThat(TrustedKey.read(file("k.pub"))).isEqualTo(key);
        assertThat(key.verifies(MESSAGE, signer.sign(MESSAGE))).isTrue();
        assertThat(key.verifies(TestImage.text("another"), signer.sign(MESSAGE))).isFalse();
        assertThat(signer.toString()).isEqualTo("Signer[" + key.id() + "]");
    }

    @Test
    void aKeyIsNotOverwrittenAndNotReadWhereOthersCan() throws IOException {
        SigningKeys.create(file("k.pem"), file("k.pub"));
        assertThatExceptionOfType(EvidenceException.class)
                .isThrownBy(() -> SigningKeys.create(file("k.pem"), file("l.pub")));
        Files.setPosixFilePermissions(file("k.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatExceptionOfType(EvidenceException.class)
                .isThrownBy(() -> Signer.keyFile(file("k.pem"), Optional.empty()))
                .withMessageContaining("chmod 600");
    }

    @Test
    void anEncryptedKeyNeedsItsPassword() throws IOException {
        Files.writeString(file("password"), "correct horse\n");
        Files.writeString(file("wrong"), "battery staple\n");
        var key = SigningKeys.create(file("k.pem"), file("k.pub"), Optional.of(file("password")));
        assertThat(file("k.pem")).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        assertThat(Signer.keyFile(file("k.pem"), Optional.of(file("password"))).publicKey())
                .isEqualTo(key);
        for (var password : List.of(Optional.of(file("wrong")), Optional.<Path>empty())) {
            assertThatExceptionOfType(EvidenceException.class)
                    .isThrownBy(() -> Signer.keyFile(file("k.pem"), password))
                    .extracting(EvidenceException::code)
                    .isEqualTo(EvidenceException.Code.INVALID_KEY);
        }
    }

    @Test
    void keysOfOpensslAreRead() throws Exception {
        Programs.require("openssl");
        Files.writeString(file("password"), "correct horse\n");
        Programs.run(
                Map.of(),
                "openssl",
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-aes-256-cbc",
                "-pass",
                "file:" + file("password"),
                "-out",
                file("o.pem").toString());
        Programs.run(
                Map.of(),
                "openssl",
                "pkey",
                "-in",
                file("o.pem").toString(),
                "-passin",
                "file:" + file("password"),
                "-pubout",
                "-out",
                file("o.pub").toString());
        assertThat(Signer.keyFile(file("o.pem"), Optional.of(file("password"))).publicKey())
                .isEqualTo(TrustedKey.read(file("o.pub")));
        Programs.run(
                Map.of(),
                "openssl",
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-384",
                "-out",
                file("large.pem").toString());
        assertThatExceptionOfType(EvidenceException.class)
                .isThrownBy(() -> Signer.keyFile(file("large.pem"), Optional.empty()));
    }

    @Test
    void aKeyInASlotSigns() throws Exception {
        Programs.require("softhsm2-util");
        var library = Path.of("/usr/lib/softhsm/libsofthsm2.so");
        assumeTrue(Files.exists(library), "this test needs " + library);
        Files.createDirectory(file("tokens"));
        Files.writeString(file("softhsm2.conf"), "directories.tokendir = " + file("tokens") + "\n");
        Files.writeString(file("pin"), "1234\n");
        Files.writeString(
                file("slot.cfg"),
                "name = casemate\nlibrary = " + library + "\nslotListIndex = 0\n");
        var environment = Map.of("SOFTHSM2_CONF", file("softhsm2.conf").toString());
        Programs.run(
                environment,
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "casemate",
                "--pin",
                "1234",
                "--so-pin",
                "5678");
        var java = Path.of(System.getProperty("java.home"), "bin");
        Programs.run(
                environment,
                java.resolve("keytool").toString(),
                "-genkeypair",
                "-alias",
                "casemate",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=casemate",
                "-storetype",
                "PKCS11",
                "-keystore",
                "NONE",
                "-storepass",
                "1234",
                "-providerclass",
                "sun.security.pkcs11.SunPKCS11",
                "-providerarg",
                file("slot.cfg").toString());
        Programs.run(
                environment,
                java.resolve("java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SlotProgram.class.getName(),
                directory.toString());
        assertThat(Verifier.verify(file("signed.tar"), List.of(file("slot.pub"))).checks())
                .isNotEmpty();
    }
}
