package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.Binding;
import dev.casemate.container.launch.Control;
import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.Work;
import dev.casemate.container.launch.probe.Probe;
import dev.casemate.container.launch.trial.Finding.Outcome;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/// Launches of an image with a probe in the agent's place. To be used in the host's namespace of a
/// [SimulatedWorld].
///
/// @param image an OCI archive as the image module writes it
/// @param unsealed one for the same manifest on a whole JDK
/// @param directory for the probe's files; nothing else is in it
/// @param proxyPort where something accepts connections on loopback
record TrialLaunch(
        Path image, Path unsealed, AgentManifest manifest, Path directory, int proxyPort) {

    static final String DIRECTORY = Work.Program.DIRECTORY;
    static final String PROGRAM = DIRECTORY + "/native-probe";

    private static final String JAR = "probe.jar";

    /// What a process ends with that SIGKILL ended.
    private static final int KILLED = 137;

    /// What the probe reaches for from Java, where each is tried by two kinds of socket.
    private static final List<String> FORBIDDEN =
            List.of(
                    "203.0.113.5:443",
                    SimulatedWorld.TARGET + ":22",
                    SimulatedWorld.HOST + ":8080",
                    "10.88.0.2:8080",
                    "169.254.169.254:80",
                    "127.0.0.1:443",
                    "[2001:db8:1::5]:443",
                    "[fd00:ec2::254]:80");

    /// Every attempt, by system calls and from Java.
    List<Finding> run(Set<TrialControl> without) {
        var findings = new ArrayList<>(natively(without));
        findings.addAll(inJava(without));
        return List.copyOf(findings);
    }

    List<Finding> natively(Set<TrialControl> without) {
        var attempts = new NativeAttempts();
        FileCalls.allowed(attempts);
        NetworkCalls.describe(attempts);
        ProcessCalls.describe(attempts);
        FileCalls.describe(attempts);
        KernelCalls.describe(attempts);
        var limits = manifest.limits();
        FileCalls.resources(attempts, limits.tmpBytes(), limits.memoryBytes());
        write("native-probe", attempts.file());
        var lines = new ArrayList<String>();
        var exit = launch(image, without, List.of(PROGRAM), List.of(), lines);
        return attempts.findings(lines, exit.code() == KILLED);
    }

    List<Finding> inJava(Set<TrialControl> without) {
        write(JAR, ProbeJar.bytes());
        var command =
                List.of(
                        "/opt/java/bin/java",
                        "@/app/java.args",
                        "-cp",
                        DIRECTORY + "/" + JAR,
                        Probe.class.getName());
        var arguments = new ArrayList<String>();
        FORBIDDEN.forEach(peer -> arguments.addAll(List.of("--forbidden", peer)));
        allowed().forEach(peer -> arguments.addAll(List.of("--allowed", peer)));
        var limits = manifest.limits();
        arguments.addAll(List.of("--tmp-bytes", Long.toString(limits.tmpBytes())));
        arguments.addAll(List.of("--threads", Integer.toString(2 * limits.pids())));
        var lines = new ArrayList<String>();
        var chosen = without.contains(TrialControl.RUNTIME) ? unsealed : image;
        launch(chosen, without, command, arguments, lines);
        return lines.stream()
                // What does not begin so is the virtual machine's own complaint.
                .filter(line -> line.startsWith("{\"attempt\""))
                .map(line -> (Json.Obj) JsonReader.read(line))
                .map(TrialLaunch::finding)
                .toList();
    }

    private static Finding finding(Json.Obj line) {
        boolean held = line.get("held").equals(Optional.of(new Json.Bool(true)));
        return new Finding(
                "java",
                line.text("class").orElseThrow(),
                line.text("attempt").orElseThrow(),
                held ? Outcome.HELD : Outcome.CAME_ABOUT,
                line.text("seen").orElseThrow());
    }

    private Exit launch(
            Path archive,
            Set<TrialControl> without,
            List<String> command,
            List<String> arguments,
            List<String> lines) {
        var errors = new ConcurrentLinkedQueue<String>();
        var exit =
                Launcher.run(
                        request(archive, without, new Work.Program(directory, command, arguments)),
                        lines::add,
                        errors::add);
        errors.stream()
                .filter(line -> line.startsWith("casemate:") && !line.contains("SWITCHED OFF"))
                .forEach(System.err::println);
        if (lines.isEmpty()) {
            errors.forEach(System.err::println);
            throw new LaunchException(
                    Code.COMMAND_FAILED, "expected the probe to start; the engine said why above");
        }
        return exit;
    }

    private LaunchRequest request(Path archive, Set<TrialControl> without, Work work) {
        var controls =
                without.stream()
                        .flatMap(control -> control.control().stream())
                        .collect(
                                Collectors.toCollection(
                                        () -> java.util.EnumSet.noneOf(Control.class)));
        return new LaunchRequest(
                archive,
                "localhost/" + manifest.name() + ":" + manifest.version(),
                manifest,
                new Correlation("probe", "none", "none"),
                manifest.models().getFirst(),
                binding(Binding.PROXY, loopback()),
                manifest.destinations().stream()
                        .map(destination -> binding(destination.name(), target(destination)))
                        .toList(),
                work,
                controls);
    }

    /// One destination is on another machine, the others on this one.
    private InetSocketAddress target(Destination destination) {
        return destination.equals(manifest.destinations().getLast())
                ? new InetSocketAddress(
                        InetAddress.ofLiteral(SimulatedWorld.TARGET), SimulatedWorld.TARGET_PORT)
                : loopback();
    }

    private InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), proxyPort);
    }

    private Binding binding(String name, InetSocketAddress target) {
        return new Binding(name, hostName(name), target, Optional.empty(), Optional.empty());
    }

    private static String hostName(String name) {
        return name + ".casemate.internal";
    }

    private List<String> allowed() {
        var peers = new ArrayList<>(List.of(hostName(Binding.PROXY) + ":443"));
        for (var destination : manifest.destinations()) {
            peers.add(
                    hostName(destination.name())
                            + switch (destination.protocol()) {
                                case HTTPS -> ":443";
                                case POSTGRESQL -> ":5432";
                            });
        }
        return peers;
    }

    private void write(String name, byte[] bytes) {
        try {
            var file = Files.write(directory.resolve(name), bytes);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr-xr-x"));
        } catch (IOException e) {
            throw new LaunchException(Code.FILES, "expected to write below " + directory, e);
        }
    }
}
