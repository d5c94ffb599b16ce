package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of this machine.
final class Programs {

    private Programs() {}

    record Ended(int code, String output) {}

    static void require(String... programs) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (var program : programs) {
            assumeTrue(
                    Stream.of(path.split(":"))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                    "this test needs " + program);
        }
    }

    static String run(Map<String, String> environment, String... command) throws Exception {
        var ended = end(environment, command);
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    static Ended end(Map<String, String> environment, String... command) throws Exception {
        var builder = new ProcessBuilder(List.of(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /// A registry that answers on loopback until it is closed.
    record Registry(Process process, int port) implements AutoCloseable {

        static Registry start(Path directory) throws IOException, InterruptedException {
            int port;
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            var settings =
                    Files.writeString(
                            directory.resolve("registry.yml"),
                            """
                            version: 0.1
                            log: {level: error}
                            storage: {filesystem: {rootdirectory: %s}}
                            http: {addr: "127.0.0.1:%d"}
                            """
                                    .formatted(directory.resolve("store"), port));
            var process =
                    new ProcessBuilder("docker-registry", "serve", settings.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("registry.log").toFile())
                            .start();
            var registry = new Registry(process, port);
            for (long end = System.nanoTime() + 20_000_000_000L; System.nanoTime() < end; ) {
                try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    return registry;
                } catch (ConnectException e) {
                    Thread.onSpinWait();
                }
            }
            registry.close();
            throw new IOException("expected docker-registry to listen");
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
