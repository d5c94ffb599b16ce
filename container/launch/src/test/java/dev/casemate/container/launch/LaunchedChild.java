package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A launch of [Sleeper], in this process or in one of its own that can be ended by a signal.
final class LaunchedChild {

    private LaunchedChild() {}

    /// Arguments: the archive, and the port that all bindings lead to; then the agent's task. If
    /// there is none, it reads lines, and standard input is its. A task's end is said in words.
    public static void main(String[] arguments) {
        var task = List.of(arguments).subList(2, arguments.length);
        var exit =
                Launcher.run(
                        request(
                                Path.of(arguments[0]),
                                Examples.agent(),
                                Integer.parseInt(arguments[1]),
                                task.isEmpty() ? new Work.Lines(System.in) : new Work.Once(task)),
                        System.out::println,
                        System.err::println);
        if (!task.isEmpty()) {
            System.out.println("ended " + exit.reason());
            System.out.println(exit.meters().values().keySet());
        }
        System.exit(exit.code());
    }

    static LaunchRequest request(Path archive, AgentManifest manifest, int port) {
        return request(archive, manifest, port, new Work.Once(List.of()));
    }

    static LaunchRequest request(Path archive, AgentManifest manifest, int port, Work work) {
        return new LaunchRequest(
                archive,
                "localhost/casemate-launch-test:1",
                manifest,
                new Correlation("run-1", "workflow-1", "transaction-1"),
                Examples.MODEL,
                binding(Binding.PROXY, port),
                List.of(binding("prices", port), binding("warehouse", port)),
                work,
                Set.of());
    }

    private static Binding binding(String name, int port) {
        return new Binding(
                name,
                name + ".casemate.test",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Optional.empty(),
                Optional.empty());
    }

    /// Starts one and waits until its container runs.
    static Process start(Path archive, int port) throws IOException {
        return started(command(archive, port));
    }

    /// The process that makes a launch, not yet started.
    static ProcessBuilder command(Path archive, int port, String... task) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LaunchedChild.class.getName(),
                                archive.toString(),
                                "" + port));
        command.addAll(List.of(task));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /// Starts it and waits until its container runs.
    static Process started(ProcessBuilder command) throws IOException {
        var process = command.start();
        if (!"started".equals(process.inputReader(StandardCharsets.UTF_8).readLine())) {
            process.destroyForcibly();
            throw new IOException("expected the contained program to start");
        }
        return process;
    }

    /// Everything on this machine that carries a launch's name.
    static String traces() {
        var commands = new ProcessCommands();
        var limit = Duration.ofSeconds(20);
        var traces = new StringBuilder();
        for (var list :
                List.of(
                        List.of("podman", "ps", "--all", "--format", "{{.Names}}"),
                        List.of("ip", "netns", "list"),
                        List.of("ip", "-brief", "link"),
                        List.of("nft", "list", "tables"),
                        List.of("ls", LaunchFiles.BASE.toString()),
                        List.of("cat", "/proc/mounts"))) {
            commands.require(Code.COMMAND_FAILED, list, "", limit)
                    .lines()
                    .filter(line ->
                            line.matches(
                                    ".*(casemate[-_][0-9]|cm[ha][0-9]|^[0-9]{3}-[0-9a-f]{8}).*"))
                    .forEach(line -> traces.append(line).append('\n'));
        }
        return traces.toString();
    }
}
