package dev.casemate.examples.marketanalyst;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// The warehouse and the price service of the rehearsal, real and on loopback.
final class Rehearsal implements AutoCloseable {

    private static final Path FILES = Path.of("rehearsal");
    private static final String PASSWORD = "only-for-this-test";

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final HttpsServer prices;

    Rehearsal(Path directory) throws IOException, SQLException, GeneralSecurityException {
        this.directory = directory;
        postgres = EmbeddedPostgres.builder().start();
        try (var connection = owner("postgres");
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE warehouse");
        }
        try (var connection = owner("warehouse");
                var statement = connection.createStatement()) {
            var sql = Files.readString(FILES.resolve("warehouse.sql"));
            var uncommented = sql.replaceAll("(?m)^--.*$", "");
            statement.execute(
                    uncommented
                            .replace(":'reader_password'", "'reader'")
                            .replace(":'writer_password'", "'writer'"));
        }
        Files.writeString(directory.resolve("reader"), "reader\n");
        Files.writeString(directory.resolve("writer"), "writer\n");
        prices = prices();
    }

    private HttpsServer prices() throws IOException, GeneralSecurityException {
        var quotes = (Json.Obj) JsonReader.read(Files.readString(FILES.resolve("prices.json")));
        var server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates()));
        server.createContext("/v1/prices/", exchange -> quote(exchange, quotes));
        server.start();
        return server;
    }

    private static void quote(HttpExchange exchange, Json.Obj quotes) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var quote = quotes.get(path.substring("/v1/prices/".length()));
        var body =
                quote.map(Json::text)
                        .orElse("{\"error\":\"unknown symbol\"}")
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(quote.isPresent() ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private SSLContext certificates() throws IOException, GeneralSecurityException {
        var store = directory.resolve("prices.p12").toString();
        keytool(
                "-genkeypair",
                "-alias",
                "prices",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=prices",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store,
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "prices",
                "-keystore",
                store,
                "-storepass",
                PASSWORD,
                "-file",
                directory.resolve("prices.pem").toString());
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(store))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... arguments) throws IOException {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    Deployment deployment() {
        return new Deployment(
                Digest.of(new byte[0]),
                new Correlation("run-1", "workflow-1", "transaction-1"),
                endpoint(1, Optional.empty(), Optional.empty()),
                Map.of(
                        "warehouse",
                                endpoint(
                                        postgres.getPort(),
                                        Optional.empty(),
                                        Optional.of("reader")),
                        "reports",
                                endpoint(
                                        postgres.getPort(),
                                        Optional.empty(),
                                        Optional.of("writer")),
                        "prices",
                                endpoint(
                                        prices.getAddress().getPort(),
                                        Optional.of("prices.pem"),
                                        Optional.empty())),
                "gpt-4o-mini");
    }

    private Deployment.Endpoint endpoint(
            int port, Optional<String> authority, Optional<String> secret) {
        return new Deployment.Endpoint(
                "localhost",
                port,
                authority.map(file -> directory.resolve(file).toString()),
                secret.map(file -> directory.resolve(file).toString()));
    }

    /// A connection that may do everything.
    Connection owner(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + database,
                "postgres",
                "postgres");
    }

    String one(String sql) throws SQLException {
        try (var connection = owner("warehouse");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
        }
    }

    @Override
    public void close() throws IOException {
        prices.stop(0);
        postgres.close();
    }
}
