package dev.casemate.container.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The network of one launch: a namespace with one link to the host, an address per bound name on
/// it, and rules on both ends of the link. Either end's rules hold an agent by themselves.
///
/// The host changes the destination of exactly the bound address and port pairs to their targets
/// (DNAT); nothing else passes its first chain, which runs before every other table's.
///
/// @param link makes the namespace, unless the engine does, and the link, in order
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

    /// The interface that tells a simulated world from a machine.
    static final String SIMULATED_LINK = "cm-world";

    /// All that a simulated world has besides: loopback, another container, launches.
    static final Pattern SIMULATED = Pattern.compile("lo|cm-world|cm-near|cmh[0-9]{3}[0-9a-f]{8}");

    /// The agent's own address of IPv6, where there is one: in a world whose network is open.
    private static final String AGENT_IPV6 = "fd00:ca5e::2";

    static NetworkPlan of(LaunchRequest request, LaunchId id, HostFacts host) {
        var openings = Opening.of(request, id);
        var contained = !request.without().contains(Control.NETWORK);
        var rules = new NetworkRules(id, openings, host);
        return new NetworkPlan(
                id,
                openings,
                link(id, host.engine()),
                List.of(agentRoute(id, "add", id.address(1) + "/32")),
                List.of(agentRoute(id, "delete", id.address(1) + "/32")),
                routes(id, openings, contained, host.simulated()),
                switches(id, openings, contained, host),
                openings.stream()
                        .filter(opening -> !host.isLocal(opening))
                        .map(Opening::targetAddress)
                        .distinct()
                        .toList(),
                contained ? rules.forHost() : rules.forOpenHost(),
                contained ? rules.forAgent() : "");
    }

    private static List<List<String>> link(LaunchId id, Engine engine) {
        var steps = new ArrayList<List<String>>();
        if (engine.entersNamespaces()) {
            steps.add(List.of("ip", "netns", "add", id.namespace()));
        }
        steps.addAll(link(id));
        return List.copyOf(steps);
    }

    private static List<List<String>> link(LaunchId id) {
        var namespace = id.namespace();
        var there = id.agentLink();
        var here = id.hostLink();
        return List.of(
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
            LaunchId id, List<Opening> openings, boolean contained, boolean simulated) {
        var routes = new ArrayList<List<String>>();
        openings.forEach(opening -> routes.add(throughHost(id, opening.address() + "/32")));
        if (!contained) {
            routes.add(agentRoute(id, "add", id.address(1) + "/32"));
        }
        if (!contained && simulated) {
            routes.addAll(everywhere(id));
        }
        return List.copyOf(routes);
    }

    /// Loopback, both kinds of address, and a way to each: nothing is held back.
    private static List<List<String>> everywhere(LaunchId id) {
        var there = id.agentLink();
        return List.of(
                inside(id, "link set lo up"),
                throughHost(id, "default"),
                inside(id, "route add multicast 224.0.0.0/4 dev " + there),
                inside(id, "address add fe80::2/64 nodad dev " + there),
                inside(id, "address add " + AGENT_IPV6 + " nodad dev " + there),
                inside(id, "route add default via fe80::1 dev " + there),
                step("ip address add fe80::1/64 nodad dev " + id.hostLink()),
                step("ip route add %s via fe80::2 dev %s".formatted(AGENT_IPV6, id.hostLink())));
    }

    private static List<String> inside(LaunchId id, String words) {
        return step("ip -n " + id.namespace() + " " + words);
    }

    private static List<String> step(String words) {
        return List.of(words.split(" ", -1));
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
