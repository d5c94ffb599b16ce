package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A user without any right, made for a test and taken away again with everything that is his.
final class OrdinaryUser implements AutoCloseable {

    private static final Duration STEP = Duration.ofSeconds(60);

    private final Commands commands = new ProcessCommands();
    private final String name = "casemate-" + ProcessHandle.current().pid();
    private final Path home = Path.of("/home", name);
    private final Path runtime;

    OrdinaryUser() throws IOException {
        for (var program : List.of("useradd", "userdel", "setpriv", "newuidmap", "taskset")) {
            assume(onPath(program), "it needs " + program);
        }
        assume(Rootless.isRoot(), "making a user needs root");
        assume(
                Files.getFileStore(Path.of("/dev/shm")).type().equals("tmpfs"),
                "/dev/shm is not in memory");
        step("useradd", "--create-home", name);
        runtime = Files.createDirectory(Path.of("/dev/shm", name));
        step("chmod", "0700", runtime.toString());
        step("chown", name, runtime.toString());
    }

    private static void assume(boolean holds, String why) {
        if (!holds) {
            System.err.println("SKIPPED, no launch without root can be tried here: " + why);
        }
        Assumptions.assumeTrue(holds, "no launch without root can be tried here: " + why);
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /// Where this user's launches are.
    Path launches() {
        return runtime.resolve("casemate-launch");
    }

    /// A copy that he can read.
    Path give(Path source) throws IOException {
        var copy = home.resolve(String.valueOf(source.getFileName()));
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        step("chown", name, copy.toString());
        return copy;
    }

    /// Runs a main class of these tests as this user, with more in front of the path if wanted.
    Process start(String path, Class<?> main, List<String> arguments) throws IOException {
        var classes = new ArrayList<String>();
        for (var type : List.of(Launcher.class, main, dev.casemate.manifest.Json.class)) {
            classes.add(copyOf(type).toString());
        }
        var command =
                new ArrayList<>(
                        List.of(
                                "setpriv",
                                "--reuid=" + name,
                                "--regid=" + name,
                                "--init-groups",
                                "env",
                                "-i",
                                "HOME=" + home,
                                "XDG_RUNTIME_DIR=" + runtime,
                                "PATH=" + path + System.getenv("PATH") + ":/usr/sbin:/sbin",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                String.join(":", classes),
                                main.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).directory(home.toFile()).start();
    }

    private Path copyOf(Class<?> type) throws IOException {
        try {
            var source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
            var copy = home.resolve("classes-" + Integer.toHexString(source.toString().hashCode()));
            if (!Files.exists(copy)) {
                step("cp", "--recursive", source.toString(), copy.toString());
                step("chown", "--recursive", name, copy.toString());
            }
            return copy;
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Fails unless every process of this user with that name ends by itself: they hang on the
    /// input that their launcher held.
    void awaitEndOf(String program) throws Exception {
        for (var process : processes("--exact", program)) {
            process.onExit().get(STEP.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private List<ProcessHandle> processes(String... which) {
        var command = new ArrayList<>(List.of("pgrep", "--euid", name));
        command.addAll(List.of(which));
        return commands.run(command, "", STEP)
                .output()
                .lines()
                .filter(line -> line.matches("[0-9]+"))
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line)).stream())
                .toList();
    }

    private void step(String... command) {
        commands.require(Code.COMMAND_FAILED, List.of(command), "", STEP);
    }

    @Override
    public void close() {
        // podman keeps one process per user, which holds his namespaces.
        for (var process : processes()) {
            process.destroyForcibly();
            process.onExit().join();
        }
        step("rm", "--recursive", "--force", runtime.toString());
        step("userdel", "--remove", name);
    }
}
