package dev.casemate.container.launch;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The nft texts of one launch.
record NetworkRules(LaunchId id, List<Opening> openings, HostFacts host) {

    /// For the agent's namespace: out to the openings, back in what answers, no IPv6.
    String forAgent() {
        return """
        table inet %s {
          chain output {
            type filter hook output priority 0; policy drop;
            ip saddr %s ip daddr . tcp dport { %s } ct state new,established accept
          }
          chain input {
            type filter hook input priority 0; policy drop;
            ip daddr %s ct state established accept
          }
          chain forward {
            type filter hook forward priority 0; policy drop;
          }
        }
        """
                .formatted(id.table(), id.address(2), doors(), id.address(2));
    }

    /// For the host, all in one table, named after the launch. Other links are not touched.
    String forHost() {
        return """
        table inet %1$s {
          chain first {
            type filter hook prerouting priority -350; policy accept;
            iifname "%2$s" ip saddr %3$s ip daddr . tcp dport { %4$s } accept
            iifname "%2$s" drop
          }
        %5$s  chain input {
            type filter hook input priority -1; policy accept;
        %6$s    iifname "%2$s" drop
          }
          chain forward {
            type filter hook forward priority -1; policy accept;
        %7$s    iifname "%2$s" drop
            oifname "%2$s" ct state established ct direction reply accept
            oifname "%2$s" drop
          }
        %8$s}
        """
                .formatted(
                        id.table(),
                        id.hostLink(),
                        id.address(2),
                        doors(),
                        translate(),
                        admit(host::isLocal),
                        admit(opening -> !host.isLocal(opening)),
                        answersOnly() + masquerade());
    }

    /// For the host with [Control#NETWORK] off: its own end is open, and what lies behind it only
    /// in a simulated world.
    String forOpenHost() {
        var others = host.simulated() ? "" : "    iifname \"%s\" drop%n".formatted(id.hostLink());
        return """
        table inet %1$s {
        %2$s  chain forward {
            type filter hook forward priority -1; policy accept;
        %3$s%4$s  }
        %5$s}
        """
                .formatted(
                        id.table(),
                        translate(),
                        admit(opening -> !host.isLocal(opening)),
                        others,
                        masquerade());
    }

    private String doors() {
        return openings.stream()
                .map(opening -> opening.address() + " . " + opening.port())
                .collect(Collectors.joining(", "));
    }

    private String translate() {
        var lines = new StringBuilder();
        lines.append("  chain translate {\n");
        lines.append("    type nat hook prerouting priority -101; policy accept;\n");
        for (var opening : openings) {
            lines.append(
                    "    iifname \"%s\" ip daddr %s tcp dport %d dnat ip to %s:%d\n"
                            .formatted(
                                    id.hostLink(),
                                    opening.address(),
                                    opening.port(),
                                    opening.targetAddress(),
                                    opening.targetPort()));
        }
        return lines.append("  }\n").toString();
    }

    private String admit(Predicate<Opening> which) {
        var targets =
                openings.stream()
                        .filter(which)
                        .map(opening -> opening.targetAddress() + " . " + opening.targetPort())
                        .distinct()
                        .collect(Collectors.joining(", "));
        return targets.isEmpty()
                ? ""
                : "    iifname \"%s\" ct status dnat ip daddr . tcp dport { %s } accept\n"
                        .formatted(id.hostLink(), targets);
    }

    /// The host itself does not open connections into the namespace.
    private String answersOnly() {
        return """
          chain output {
            type filter hook output priority -1; policy accept;
            oifname "%1$s" ct state established ct direction reply accept
            oifname "%1$s" drop
          }
        """
                .formatted(id.hostLink());
    }

    /// Whoever is not on this machine sees the machine's address, and can answer.
    private String masquerade() {
        return """
          chain disguise {
            type nat hook postrouting priority 101; policy accept;
            ip saddr %s oifname != "%s" masquerade
          }
        """
                .formatted(id.address(2), id.hostLink());
    }
}
