package dev.casemate.governance;

import dev.casemate.manifest.AgentManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Which of the probe's attempts stand for which threat.
final class ContainerAttempts {

    private ContainerAttempts() {}

    /// Names of the probe's classes of attempts; empty where layer 2 has no part in a threat.
    static Set<String> of(Threat threat) {
        return switch (threat) {
            case ARBITRARY_CODE_EXECUTION -> Set.of("process", "native");
            case DATA_EXFILTRATION -> Set.of("network", "names");
            case CREDENTIAL_THEFT -> Set.of("files");
            case RUNAWAY_COSTS -> Set.of("resources");
            case SUPPLY_CHAIN_ATTACK -> Set.of("code");
            case PROMPT_INJECTION, AUDIT_GAPS -> Set.of();
        };
    }

    /// What the probe is told to reach for: peers that stand for the internet, the cloud's metadata
    /// service, the host and another network, and those that it must reach or its word is
    /// worthless.
    static List<String> arguments(AgentManifest manifest, String proxyHost) {
        var arguments = new ArrayList<String>();
        for (var peer :
                List.of(
                        "203.0.113.10:443",
                        "198.51.100.7:80",
                        "192.0.2.1:53",
                        "169.254.169.254:80",
                        "[2001:db8::1]:443",
                        proxyHost + ":22",
                        proxyHost + ":5432")) {
            arguments.add("--forbidden");
            arguments.add(peer);
        }
        arguments.add("--allowed");
        arguments.add(proxyHost + ":443");
        for (var destination : manifest.destinations()) {
            arguments.add("--allowed");
            arguments.add(
                    RehearsalDestinations.host(destination.name())
                            + switch (destination.protocol()) {
                                case HTTPS -> ":443";
                                case POSTGRESQL -> ":5432";
                            });
        }
        arguments.add("--tmp-bytes");
        arguments.add(Long.toString(manifest.limits().tmpBytes()));
        arguments.add("--threads");
        arguments.add(Integer.toString(2 * manifest.limits().pids()));
        return arguments;
    }
}
