package dev.casemate.proxy.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// A self-signed certificate for the loopback address, made once by the JDK's keytool.
record TestCertificate(Path keyStore, Path passwordFile, Path pem) {

    private static final String PASSWORD = "changeit-test";

    private static final TestCertificate MADE = make();

    /// The one certificate of this JVM, copied to where a test wants it.
    static TestCertificate in(Path directory) throws IOException {
        return new TestCertificate(
                Files.copy(MADE.keyStore, directory.resolve("proxy.p12")),
                Files.copy(MADE.passwordFile, directory.resolve("proxy.pass")),
                Files.copy(MADE.pem, directory.resolve("proxy.pem")));
    }

    private static TestCertificate make() {
        try {
            var directory = Files.createTempDirectory("casemate-certificate");
            var store = directory.resolve("proxy.p12");
            var pem = directory.resolve("proxy.pem");
            keytool(
                    List.of(
                            "-genkeypair",
                            "-alias",
                            "proxy",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=casemate test",
                            "-ext",
                            "SAN=ip:127.0.0.1,dns:localhost",
                            "-ext",
                            "BC=ca:true",
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD));
            keytool(
                    List.of(
                            "-exportcert",
                            "-rfc",
                            "-alias",
                            "proxy",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            PASSWORD,
                            "-file",
                            pem.toString()));
            var password = Files.writeString(directory.resolve("proxy.pass"), PASSWORD + "\n");
            // In the reverse of this order, at the end of the tests.
            for (var left : List.of(directory, store, pem, password)) {
                left.toFile().deleteOnExit();
            }
            return new TestCertificate(store, password, pem);
        } catch (IOException e) {
            throw new AssertionError("keytool", e);
        }
    }

    private static void keytool(List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("keytool " + arguments.getFirst() + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    X509TrustManager trustManager() {
        try (var in = Files.newInputStream(keyStore)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("proxy", store.getCertificate("proxy"));
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return (X509TrustManager) factory.getTrustManagers()[0];
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    SSLContext clientContext() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trustManager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
