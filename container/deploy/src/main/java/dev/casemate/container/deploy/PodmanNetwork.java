package dev.casemate.container.deploy;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.List;
import java.util.stream.Collectors;

/// The network of one container: a namespace with one link to the host, routes to the targets, and
/// rules on both ends of the link. The rules are loaded before the link exists; if they cannot be,
/// the container does not start.
final class PodmanNetwork {

    private static final int SHORT_HASH = 8;
    private static final int ADDRESSES_EACH = 4;

    private final Subject subject;
    private final String unit;
    private final String link;
    private final String here;
    private final String there;
    private final int port;

    private PodmanNetwork(Place.Podman place, Subject subject, String unit, int replica) {
        this.subject = subject;
        this.unit = unit;
        // A link's name has at most 15 characters.
        link = "cm" + Digest.of(Json.of(unit)).value().substring(7, 7 + SHORT_HASH);
        var prefix = place.linkNetwork().substring(0, place.linkNetwork().lastIndexOf('.') + 1);
        here = prefix + (ADDRESSES_EACH * replica + 1);
        there = prefix + (ADDRESSES_EACH * replica + 2);
        port = subject.inbound().map(Inbound::port).orElse(0) + replica;
    }

    static List<RenderedFile> of(Place.Podman place, Subject subject, String unit, int replica) {
        var network = new PodmanNetwork(place, subject, unit, replica);
        Form.require(
                subject.targets().stream().noneMatch(target -> target.address().startsWith("127.")),
                "targets that are not this machine's loopback");
        var directory = "etc/casemate/" + subject.name() + "/";
        return List.of(
                new RenderedFile(unit + "-network.service", network.service(directory)),
                new RenderedFile(directory + unit + "-host.nft", network.host()),
                new RenderedFile(directory + unit + "-inside.nft", network.inside()));
    }

    private String service(String directory) {
        var routes =
                subject.targets().stream()
                        .map(Target::network)
                        .distinct()
                        .map(this::route)
                        .collect(Collectors.joining());
        var clients =
                subject.inbound().map(Inbound::clients).orElse(List.of()).stream()
                        .map(this::route)
                        .collect(Collectors.joining());
        return """
        [Unit]
        Description=Casemate: network of %1$s
        Before=%1$s.service

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/usr/sbin/nft -f /%2$s%1$s-host.nft
        ExecStart=/usr/sbin/ip netns add %1$s
        ExecStart=/usr/sbin/ip netns exec %1$s /usr/sbin/nft -f /%2$s%1$s-inside.nft
        ExecStart=/usr/sbin/ip link add %3$s type veth peer name casemate netns %1$s
        ExecStart=/usr/sbin/ip link set %3$s addrgenmode none
        ExecStart=/usr/sbin/ip -n %1$s link set casemate addrgenmode none
        ExecStart=/usr/sbin/ip address add %4$s peer %5$s/32 dev %3$s
        ExecStart=/usr/sbin/ip -n %1$s address add %5$s/32 dev casemate
        ExecStart=/usr/sbin/ip link set %3$s up
        ExecStart=/usr/sbin/ip -n %1$s link set casemate up
        %6$sExecStart=/usr/sbin/sysctl -q -w net.ipv4.ip_forward=1
        ExecStopPost=-/usr/sbin/ip link delete %3$s
        ExecStopPost=-/usr/sbin/ip netns delete %1$s
        ExecStopPost=-/usr/sbin/nft delete table inet casemate_%3$s
        """
                .formatted(unit, directory, link, here, there, routes + clients);
    }

    private String route(String network) {
        return "ExecStart=/usr/sbin/ip -n %s route add %s via %s dev casemate onlink\n"
                .formatted(unit, network, here);
    }

    /// Runs before every other table's chains; what passes has still to pass those.
    private String host() {
        var opened =
                subject.inbound()
                        .map(inbound ->
                                """
                                    oifname "%1$s" ip saddr { %2$s } ip daddr %3$s tcp dport %4$d accept
                                """
                                        .formatted(
                                                link,
                                                String.join(", ", inbound.clients()),
                                                there,
                                                inbound.port()))
                        .orElse("");
        var published =
                subject.inbound()
                        .map(inbound ->
                                """
                                  chain prerouting {
                                    type nat hook prerouting priority dstnat; policy accept;
                                    ip daddr %1$s tcp dport %2$d dnat ip to %3$s:%4$d
                                  }
                                """
                                        .formatted(inbound.address(), port, there, inbound.port()))
                        .orElse("");
        return """
        table inet casemate_%1$s
        delete table inet casemate_%1$s
        table inet casemate_%1$s {
          chain forward {
            type filter hook forward priority -300; policy accept;
            iifname "%1$s" ct state established,related accept
        %2$s    iifname "%1$s" drop
            oifname "%1$s" ct state established,related accept
        %3$s    oifname "%1$s" drop
          }
          chain input {
            type filter hook input priority -300; policy accept;
            iifname "%1$s" drop
          }
          chain postrouting {
            type nat hook postrouting priority srcnat; policy accept;
            ip saddr %4$s masquerade
          }
        %5$s}
        """
                .formatted(
                        link,
                        accepted("    iifname \"%s\" ip saddr %s ".formatted(link, there)),
                        opened,
                        there,
                        published);
    }

    private String accepted(String match) {
        return subject.targets().stream()
                .map(target ->
                        "%sip daddr %s tcp dport %d accept\n"
                                .formatted(match, target.address(), target.port()))
                .distinct()
                .collect(Collectors.joining());
    }

    private String inside() {
        var opened =
                subject.inbound()
                        .map(inbound ->
                                "    ip saddr { %s } tcp dport %d accept\n"
                                        .formatted(
                                                String.join(", ", inbound.clients()),
                                                inbound.port()))
                        .orElse("");
        return """
        table inet casemate {
          chain output {
            type filter hook output priority filter; policy drop;
            ct state established,related accept
        %1$s  }
          chain input {
            type filter hook input priority -300; policy drop;
            ct state established,related accept
        %2$s  }
        }
        """
                .formatted(accepted("    "), opened);
    }
}
