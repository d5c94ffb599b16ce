package dev.casemate.container.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The network of one launch: a namespace with one link to the host, an address per bound name on
/// it, and rules on both ends of the link. Either end's rules hold an agent by themselves.
///
/// The host changes the destination of exactly the bound address and port pairs to their targets
/// (DNAT); nothing else passes its first chain, which runs before every other table's.
///
/// @param link makes the namespace and the link, in order
/// @param trial opens the way to the host's end, for the proof that the rules close it
/// @param untrial takes that way back
/// @param routes what the agent may route to: the openings
/// @param switches files under /proc/sys/net on the host, and their values
/// @param remoteTargets addresses that are not on this machine
/// @param hostRules nft input for the host
/// @param agentRules nft input for the namespace; empty with [Control#NETWORK] off
record NetworkPlan(
        LaunchId id,
        List<Opening> openings,
        List<List<String>> link,
        List<List<String>> trial,
        List<List<String>> untrial,
        List<List<String>> routes,
        Map<String, String> switches,
        List<String> remoteTargets,
        String hostRules,
        String agentRules) {

    /// What stands for the internet where [Control#NETWORK] is off: TEST-NET-3 of RFC 5737.
    static final String DOCUMENTATION_NETWORK = "203.0.113.0/24";

    static NetworkPlan of(LaunchRequest request, LaunchId id, HostFacts host) {
        var openings = Opening.of(request, id);
        var contained = !request.without().contains(Control.NETWORK);
        var rules = new NetworkRules(id, openings, host);
        return new NetworkPlan(
                id,
                openings,
                link(id),
                List.of(agentRoute(id, "add", id.address(1) + "/32")),
                List.of(agentRoute(id, "delete", id.address(1) + "/32")),
                routes(id, openings, contained),
                switches(id, openings, contained, host),
                openings.stream()
                        .filter(opening -> !host.isLocal(opening))
                        .map(Opening::targetAddress)
                        .distinct()
                        .toList(),
                contained ? rules.forHost() : rules.forOpenHost(),
                contained ? rules.forAgent() : "");
    }

    private static List<List<String>> link(LaunchId id) {
        var namespace = id.namespace();
        var there = id.agentLink();
        var here = id.hostLink();
        return List.of(
                List.of("ip", "netns", "add", namespace),
                List.of(
                        "ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns",
                        namespace),
                // No address, and so no IPv6 at all, that nobody chose.
                List.of("ip", "link", "set", here, "addrgenmode", "none"),
                List.of("ip", "-n", namespace, "link", "set", there, "addrgenmode", "none"),
                List.of(
                        "ip",
                        "address",
                        "add",
                        id.address(1),
                        "peer",
                        id.address(2) + "/32",
                        "dev",
                        here),
                List.of(
                        "ip",
                        "-n",
                        namespace,
                        "address",
                        "add",
                        id.address(2) + "/32",
                        "dev",
                        there),
                List.of("ip", "link", "set", here, "up"),
                List.of("ip", "-n", namespace, "link", "set", there, "up"));
    }

    private static List<String> agentRoute(LaunchId id, String verb, String to) {
        return List.of("ip", "-n", id.namespace(), "route", verb, to, "dev", id.agentLink());
    }

    private static List<List<String>> routes(
            LaunchId id, List<Opening> openings, boolean contained) {
        var routes = new ArrayList<List<String>>();
        openings.forEach(opening -> routes.add(throughHost(id, opening.address() + "/32")));
        if (!contained) {
            routes.add(agentRoute(id, "add", id.address(1) + "/32"));
            routes.add(throughHost(id, DOCUMENTATION_NETWORK));
        }
        return List.copyOf(routes);
    }

    private static List<String> throughHost(LaunchId id, String to) {
        return List.of(
                "ip",
                "-n",
                id.namespace(),
                "route",
                "add",
                to,
                "via",
                id.address(1),
                "dev",
                id.agentLink(),
                "onlink");
    }

    private static Map<String, String> switches(
            LaunchId id, List<Opening> openings, boolean contained, HostFacts host) {
        var link = "ipv4/conf/" + id.hostLink() + "/";
        var loopback = openings.stream().anyMatch(Opening::loopback);
        var remote = openings.stream().anyMatch(opening -> !host.isLocal(opening));
        var switches = new TreeMap<String, String>();
        switches.put(link + "route_localnet", loopback ? "1" : "0");
        switches.put(link + "forwarding", remote || !contained ? "1" : "0");
        switches.put(link + "accept_redirects", "0");
        switches.put(link + "send_redirects", "0");
        return Map.copyOf(switches);
    }
}
