package dev.casemate.governance;

import dev.casemate.container.launch.Binding;
import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Destination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What stands behind the manifest's destinations in a rehearsal, all of it on loopback.
final class RehearsalDestinations implements AutoCloseable {

    private final Path work;
    private final Consumer<String> progress;
    private final List<Binding> bindings = new ArrayList<>();
    private final List<CannedEndpoint> endpoints = new ArrayList<>();
    private Optional<Warehouse> warehouse = Optional.empty();

    RehearsalDestinations(
            StageDescription stage, AgentManifest manifest, Path work, Consumer<String> progress) {
        this.work = work;
        this.progress = progress;
        try {
            stage.database()
                    .ifPresent(database ->
                            openWarehouse(database, stage.postgresDestinations(manifest)));
            for (var destination : manifest.destinations()) {
                var endpoint = stage.endpoints().get(destination.name());
                if (destination.protocol() == Destination.Protocol.HTTPS && endpoint != null) {
                    openEndpoint(destination.name(), endpoint);
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void openWarehouse(StageDescription.Database database, List<String> names) {
        progress.accept("starting PostgreSQL behind " + String.join(", ", names));
        Map<String, String> passwords = new HashMap<>();
        for (var name : names) {
            var password = Identity.randomToken();
            passwords.put(database.placeholder(name), password);
            write(secret(name), password);
        }
        var opened = new Warehouse(database, passwords);
        warehouse = Optional.of(opened);
        for (var name : names) {
            bind(name, opened.port(), Optional.empty(), Optional.of(secret(name)));
        }
    }

    private void openEndpoint(String name, StageDescription.Endpoint endpoint) {
        progress.accept("starting the endpoint " + name);
        var identity = Identity.create(work, name, List.of(host(name), "127.0.0.1"));
        var server = new CannedEndpoint(identity, endpoint);
        endpoints.add(server);
        bind(name, server.port(), Optional.of(identity.certificate()), Optional.empty());
    }

    private void bind(String name, int port, Optional<Path> certificate, Optional<Path> secret) {
        bindings.add(new Binding(name, host(name), loopback(port), certificate, secret));
    }

    private Path secret(String name) {
        return work.resolve(name + ".secret");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected to write " + file, e);
        }
    }

    /// The name by which the agent knows a destination.
    static String host(String destination) {
        return destination + ".casemate.internal";
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    List<Binding> bindings() {
        return List.copyOf(bindings);
    }

    /// The single value of a query, asked as the database's owner; empty without a database.
    Optional<String> value(String sql) {
        return warehouse.map(database -> database.value(sql));
    }

    @Override
    public void close() {
        endpoints.forEach(CannedEndpoint::close);
        warehouse.ifPresent(Warehouse::close);
    }
}
