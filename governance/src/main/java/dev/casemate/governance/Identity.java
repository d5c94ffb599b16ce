package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server's self-signed certificate and key for a rehearsal, made by the JDK's `keytool`; whoever
/// talks to the server trusts exactly this certificate.
///
/// @param keyStore PKCS#12
/// @param passwordFile holds the key store's password
/// @param certificate PEM
public record Identity(Path keyStore, Path passwordFile, Path certificate) {

    private static final long KEYTOOL_SECONDS = 60;

    /// @param hosts DNS names and IPv4 addresses that the server answers to; at least one name
    ///   first
    public static Identity create(Path directory, String name, List<String> hosts) {
        var identity =
                new Identity(
                        directory.resolve(name + ".p12"),
                        directory.resolve(name + ".password"),
                        directory.resolve(name + ".pem"));
        try {
            Files.writeString(identity.passwordFile, randomToken());
        } catch (IOException e) {
            throw new GovernanceException(
                    Code.STAGE_FAILED, "expected to write to " + directory, e);
        }
        var alternatives = new ArrayList<String>();
        for (var host : hosts) {
            alternatives.add((host.matches("[0-9.]+") ? "ip:" : "dns:") + host);
        }
        keytool(
                identity,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-dname",
                "CN=" + hosts.getFirst(),
                "-ext",
                "san=" + String.join(",", alternatives),
                "-ext",
                "bc:critical=ca:true");
        keytool(
                identity,
                "-exportcert",
                "-alias",
                "server",
                "-rfc",
                "-file",
                identity.certificate.toString());
        return identity;
    }

    /// 256 random bits as text: a credential or password of this rehearsal only.
    public static String randomToken() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String password() {
        try {
            return Files.readString(passwordFile);
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected to read " + passwordFile, e);
        }
    }

    private static void keytool(Identity identity, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keystore",
                        identity.keyStore.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass:file",
                        identity.passwordFile.toString()));
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new GovernanceException(
                        Code.STAGE_FAILED, "expected keytool to make a certificate");
            }
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected keytool beside java", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GovernanceException(Code.STAGE_FAILED, "interrupted", e);
        }
    }
}
