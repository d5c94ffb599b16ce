package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// [Reach] running inside one namespace, asked from outside.
final class ReachProcess implements AutoCloseable {

    /// How long a silent peer is waited for. It is on this machine or one hop away.
    static final int OPEN_MILLIS = 2_000;

    /// How long a connection that must not come about may take to come about.
    static final int CLOSED_MILLIS = 300;

    /// How long the child may take to start and to answer.
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private ReachProcess(Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.US_ASCII);
        questions = process.outputWriter(StandardCharsets.US_ASCII);
    }

    static ReachProcess in(String namespace) {
        return by(List.of("ip", "netns", "exec", namespace));
    }

    /// @param entry the command that runs another one inside the namespace
    static ReachProcess by(List<String> entry) {
        var command = new ArrayList<>(entry);
        command.addAll(java(Reach.class));
        try {
            return new ReachProcess(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new LaunchException(
                    Code.NETWORK_SETUP, "expected to start " + entry.getFirst(), e);
        }
    }

    /// This program's own JVM, small, running one class of this module.
    static List<String> java(Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                ownCode(),
                main.getName());
    }

    private static String ownCode() {
        try {
            return Path.of(Reach.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new LaunchException(
                    Code.NETWORK_SETUP, "expected the launcher's classes in a jar or folder", e);
        }
    }

    /// Whether a connection from inside comes about.
    boolean connects(String address, int port, int millis) {
        var answer = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> answer.complete(ask(address, port, millis)));
        try {
            return switch (answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                case Reach.OPEN -> true;
                case Reach.CLOSED -> false;
                default -> throw silent();
            };
        } catch (TimeoutException | ExecutionException e) {
            throw silent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(Code.NETWORK_SETUP, "expected not to be interrupted", e);
        }
    }

    private String ask(String address, int port, int millis) {
        try {
            questions.write("%s %d %d\n".formatted(address, port, millis));
            questions.flush();
            var line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }

    private static LaunchException silent() {
        return new LaunchException(
                Code.NETWORK_SETUP, "expected the check inside the namespace to answer");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
