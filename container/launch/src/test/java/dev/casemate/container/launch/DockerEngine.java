package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// An engine of Docker for one test, with everything that it has in one directory, and a path for
/// launchers on which there is no podman.
final class DockerEngine implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STEP = Duration.ofSeconds(30);

    /// All that a launch under Docker runs.
    private static final List<String> NEEDED =
            List.of("docker", "env", "ip", "mount", "nft", "runc", "umount");

    private final Commands commands = new ProcessCommands();
    private final Path directory;
    private final Path programs;
    private final Process engine;

    DockerEngine(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        assume(Rootless.isRoot(), "it needs root");
        programs = Files.createDirectory(directory.resolve("programs"));
        for (var program : NEEDED) {
            var found = find(program);
            assume(found.isPresent(), "it needs " + program);
            Files.createSymbolicLink(programs.resolve(program), found.orElseThrow());
        }
        var dockerd = find("dockerd");
        assume(dockerd.isPresent(), "it needs dockerd; on Debian: apt-get install docker.io");
        engine = start(dockerd.orElseThrow());
        awaitAnswer();
    }

    private static void assume(boolean holds, String why) {
        if (!holds) {
            System.err.println("SKIPPED, no launch under Docker can be tried here: " + why);
        }
        Assumptions.assumeTrue(holds, "no launch under Docker can be tried here: " + why);
    }

    private static Optional<Path> find(String program) {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")),
                        Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Its control groups are its own, not systemd's; of the machine's network it touches nothing.
    private Process start(Path dockerd) throws IOException {
        var builder =
                new ProcessBuilder(
                        dockerd.toString(),
                        "--bridge=none",
                        "--iptables=false",
                        "--ip-forward=false",
                        "--ip-masq=false",
                        "--storage-driver=vfs",
                        "--exec-opt=native.cgroupdriver=cgroupfs",
                        "--data-root=" + directory.resolve("data"),
                        "--exec-root=" + directory.resolve("exec"),
                        "--pidfile=" + directory.resolve("pid"),
                        "--host=" + host());
        builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long until = System.nanoTime() + START.toNanos();
        while (!commands.run(docker("version"), "", STEP).succeeded()) {
            if (engine.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)
                    || System.nanoTime() > until) {
                var said = Files.readString(directory.resolve("log"));
                close();
                assume(false, "its engine does not start, and said: " + said);
            }
        }
    }

    private String host() {
        return "unix://" + directory.resolve("socket");
    }

    private List<String> docker(String... words) {
        var command =
                new ArrayList<>(List.of(programs.resolve("docker").toString(), "--host=" + host()));
        command.addAll(List.of(words));
        return command;
    }

    /// Lets a process find this engine, and no podman.
    ProcessBuilder tell(ProcessBuilder builder) {
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("DOCKER_HOST", host());
        return builder;
    }

    String ask(String... words) {
        return commands.require(Code.COMMAND_FAILED, docker(words), "", STEP);
    }

    /// What this engine and the machine have of launches.
    String traces() {
        return ask("ps", "--all", "--format", "{{.Names}}") + LaunchedChild.traces();
    }

    @Override
    public void close() {
        engine.destroy();
        try {
            if (!engine.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
                engine.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Its own directory is mounted on itself.
        for (var mount : mounts()) {
            commands.require(Code.COMMAND_FAILED, List.of("umount", mount), "", STEP);
        }
        commands.require(
                Code.COMMAND_FAILED,
                List.of("rm", "--recursive", "--force", directory.toString()),
                "",
                STEP);
    }

    private List<String> mounts() {
        try {
            return Files.readString(Path.of("/proc/self/mounts"))
                    .lines()
                    .map(mount -> mount.split(" ", 3)[1])
                    .filter(place -> place.startsWith(directory.toString()))
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
