package dev.casemate.container.image;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// An HTTPS server on the loopback that says hello, with a certificate of its own.
///
/// @param certificate PEM file to trust
/// @param hostsFile knows the server's name
record TlsServer(HttpsServer server, Path certificate, Path hostsFile) implements AutoCloseable {

    private static final String NAME = "hello.test";
    private static final String PASSWORD = "for-a-test";

    static TlsServer start(Path directory)
            throws IOException, InterruptedException, GeneralSecurityException {
        var store = directory.resolve("server.p12");
        Files.deleteIfExists(store);
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + NAME,
                "-ext",
                "san=dns:" + NAME);
        var certificate = directory.resolve("server.pem");
        keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
        var hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 " + NAME + "\n");
        var server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        server.createContext(
                "/",
                exchange -> {
                    var body = "hello".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return new TlsServer(server, certificate, hosts);
    }

    String address() {
        return "https://" + NAME + ":" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void keytool(Path store, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        command.addAll(List.of("-alias", "server"));
        var process = FinishedProcess.run(command);
        if (process.code() != 0) {
            throw new IOException("keytool: " + process.lines() + process.errors());
        }
    }

    private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
