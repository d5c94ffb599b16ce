package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A world for one trial: a network namespace that plays the host, one behind it that plays the
/// internet and answers for every address, and one that plays another container. None has a way
/// out, so that whatever gets through stays on this machine.
///
/// A launch happens in this world if the launcher's process is in the host's namespace.
public final class SimulatedWorld implements AutoCloseable {

    static final String HOST = "203.0.113.1";
    static final String ROUTER = "203.0.113.2";
    static final String TARGET = "203.0.113.6";
    static final int TARGET_PORT = 15_432;

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final String PREFIX = "cmw-";
    private static final String LINK = "cm-world";

    private final String name;
    private final List<Process> peers = new ArrayList<>();
    private final Thread removal = Thread.ofPlatform().unstarted(this::remove);

    private SimulatedWorld(String name) {
        this.name = name;
        Runtime.getRuntime().addShutdownHook(removal);
    }

    /// Makes it, after taking away what a process that is gone left of its own.
    ///
    /// @throws LaunchException if it cannot be made; nothing is left then
    public static SimulatedWorld open() {
        var world = new SimulatedWorld(PREFIX + ProcessHandle.current().pid());
        try {
            leftovers().forEach(SimulatedWorld::delete);
            world.make();
            return world;
        } catch (LaunchException e) {
            world.close();
            throw e;
        }
    }

    /// A Java program of this process's class path, inside, in the place of the host.
    public List<String> java(String mainClass, List<String> arguments) {
        var command = new ArrayList<>(inside(host()));
        command.addAll(javaCommand(System.getProperty("java.class.path", "")));
        command.add(mainClass);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private void make() {
        for (var namespace : List.of(host(), internet(), neighbour())) {
            Steps.require(List.of("ip", "netns", "add", namespace));
            Steps.require(in(namespace, "link set lo up"));
        }
        link(host(), LINK, internet(), "up0");
        link(host(), "cm-near", neighbour(), "up0");
        for (var step :
                List.of(
                        "address add " + HOST + "/24 dev " + LINK,
                        "address add 2001:db8::1/64 nodad dev " + LINK,
                        "route add default via " + ROUTER,
                        "route add default via 2001:db8::2",
                        "address add 10.88.0.1/24 dev cm-near",
                        "route add 198.19.255.0/24 via 10.88.0.2")) {
            Steps.require(in(host(), step));
        }
        for (var step :
                List.of(
                        "address add " + ROUTER + "/24 dev up0",
                        "address add 2001:db8::2/64 nodad dev up0",
                        "route add default via " + HOST,
                        "route add default via 2001:db8::1",
                        // What the namespace sends itself goes to the host first of all.
                        "-4 rule add pref 10 iif lo to 203.0.113.1 lookup main",
                        "-6 rule add pref 10 iif lo to 2001:db8::1 lookup main",
                        "-6 rule add pref 10 iif lo to fd00:ca5e::/64 lookup main",
                        "-6 rule add pref 10 iif lo to fe80::/10 lookup main",
                        "-4 rule add pref 100 lookup local",
                        "-4 rule delete pref 0",
                        "-6 rule add pref 100 lookup local",
                        "-6 rule delete pref 0",
                        // Whatever comes in is at its goal here.
                        "-4 route add local default dev lo table local",
                        "-6 route add local default dev lo table local")) {
            Steps.require(in(internet(), step));
        }
        for (var step :
                List.of(
                        "address add 10.88.0.2/24 dev up0",
                        "address add 198.19.255.2/32 dev up0",
                        "address add 198.19.255.10/32 dev up0",
                        "route add default via 10.88.0.1")) {
            Steps.require(in(neighbour(), step));
        }
        answerFromWhereItWasAsked();
        for (var namespace : List.of(host(), internet(), neighbour())) {
            peers.add(answering(namespace));
        }
    }

    /// A datagram is answered from the address that it was sent to, by the kernel's own
    /// translation.
    private void answerFromWhereItWasAsked() {
        var rule = new ArrayList<>(inside(internet()));
        rule.addAll(
                List.of(
                        "nft",
                        "table ip world { chain first { type nat hook prerouting priority -100;"
                                + " udp dport != 0 redirect; }; }"));
        Steps.require(rule);
    }

    private static void link(String one, String here, String other, String there) {
        Steps.require(
                List.of(
                        "ip", "-n", one, "link", "add", here, "type", "veth", "peer", "name", there,
                        "netns", other));
        Steps.require(in(one, "link set " + here + " up"));
        Steps.require(in(other, "link set " + there + " up"));
    }

    private static List<String> in(String namespace, String step) {
        var command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(step.split(" ")));
        return command;
    }

    private static List<String> inside(String namespace) {
        return List.of("nsenter", "--net=" + NAMESPACES.resolve(namespace), "--");
    }

    private static List<String> javaCommand(String classPath) {
        var java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
        return List.of(
                java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", classPath);
    }

    /// Peers that answer, and switches that only a process inside can set.
    private static Process answering(String namespace) {
        var command = new ArrayList<>(inside(namespace));
        command.addAll(javaCommand(ownCode()));
        command.add(AnsweringPeer.class.getName());
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            if (process.inputReader(StandardCharsets.UTF_8).readLine() == null) {
                process.destroyForcibly();
                throw new LaunchException(
                        Code.NETWORK_SETUP, "expected the peers of the simulated world to start");
            }
            return process;
        } catch (IOException e) {
            throw new LaunchException(
                    Code.MISSING_PROGRAM,
                    "expected the program nsenter; on Debian: apt-get install util-linux",
                    e);
        }
    }

    private static String ownCode() {
        try {
            var place = SimulatedWorld.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(place.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new LaunchException(
                    Code.NETWORK_SETUP, "expected the launcher's classes in a jar or folder", e);
        }
    }

    private String host() {
        return name + "-host";
    }

    private String internet() {
        return name + "-internet";
    }

    private String neighbour() {
        return name + "-neighbour";
    }

    private static List<String> leftovers() {
        if (!Files.isDirectory(NAMESPACES)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(NAMESPACES)) {
            return all.map(path -> String.valueOf(path.getFileName()))
                    .filter(found -> found.matches(PREFIX + "[0-9]+-[a-z]+"))
                    .filter(found ->
                            ProcessHandle.of(Long.parseLong(found.split("-", -1)[1])).isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new LaunchException(Code.FILES, "expected to list " + NAMESPACES, e);
        }
    }

    private static Optional<String> delete(String namespace) {
        return Files.exists(NAMESPACES.resolve(namespace))
                        && !Steps.succeeds(List.of("ip", "netns", "delete", namespace))
                ? Optional.of(namespace)
                : Optional.empty();
    }

    private void remove() {
        peers.forEach(Process::destroyForcibly);
        List.of(host(), internet(), neighbour()).forEach(SimulatedWorld::delete);
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException ending) {
            // It runs already, and finds that all is done.
        }
    }
}
