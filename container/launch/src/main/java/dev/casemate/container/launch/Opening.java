package dev.casemate.container.launch;

import dev.casemate.manifest.Destination.Protocol;
import java.util.ArrayList;
import java.util.List;

/// One binding as the agent sees it: an address and a port of the launch's own network, behind
/// which the host puts the real one.
///
/// @param port the one that is usual for the protocol, whatever the target listens on
record Opening(Binding binding, String address, int port) {

    static final int FIRST = 10;

    private static final int HTTPS = 443;
    private static final int POSTGRESQL = 5432;

    static List<Opening> of(LaunchRequest request, LaunchId id) {
        var openings = new ArrayList<Opening>();
        openings.add(new Opening(request.proxy(), id.address(FIRST), HTTPS));
        for (var destination : request.manifest().destinations()) {
            var binding =
                    request.destinations().stream()
                            .filter(bound -> bound.name().equals(destination.name()))
                            .findFirst()
                            .orElseThrow();
            openings.add(
                    new Opening(
                            binding,
                            id.address(FIRST + openings.size()),
                            port(destination.protocol())));
        }
        return List.copyOf(openings);
    }

    private static int port(Protocol protocol) {
        return switch (protocol) {
            case HTTPS -> HTTPS;
            case POSTGRESQL -> POSTGRESQL;
        };
    }

    String targetAddress() {
        return binding.target().getAddress().getHostAddress();
    }

    int targetPort() {
        return binding.target().getPort();
    }

    boolean loopback() {
        return binding.target().getAddress().isLoopbackAddress();
    }
}
