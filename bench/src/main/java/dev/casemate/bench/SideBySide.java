package dev.casemate.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The gateway and nginx before the same upstream, by turns, under the same load.
///
/// A machine's mood changes within a minute: the rounds are interleaved, and what counts is the
/// ratio of the medians. Processor time is the steadiest of the figures.
final class SideBySide {

    private static final int CONNECTIONS = 64;
    private static final int WARM_UP_SECONDS = 20;
    private static final int CLOCK_TICKS_PER_SECOND = 100;
    private static final Duration READY_LIMIT = Duration.ofSeconds(30);

    private final Stage stage;
    private final int seconds;
    private final List<Process> started = new ArrayList<>();

    private SideBySide(Stage stage, int seconds) {
        this.stage = stage;
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        int rounds = Integer.parseInt(arguments[0]);
        int seconds = Integer.parseInt(arguments[1]);
        // Beside the build's output: on a disk, where a temporary directory may be memory.
        var directory =
                Files.createTempDirectory(
                        Files.createDirectories(Path.of("bench/target").toAbsolutePath()), "run");
        // nginx gives up root, and then still has to reach its files.
        directory.toFile().setExecutable(true, false);
        var bench = new SideBySide(new Stage(directory, freePort(), freePort()), seconds);
        try {
            bench.measure(rounds);
        } finally {
            bench.stop();
            delete(directory);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void measure(int rounds) throws IOException, InterruptedException {
        stage.write();
        nginx("upstream.conf", stage.upstreamPort());
        var nginx = nginx("nginx.conf", stage.nginxPort());
        var gateway =
                start(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseParallelGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GatewayUnderLoad.class.getName(),
                        stage.directory().resolve("gateway.yaml").toString());
        int gatewayPort = readPort(gateway);
        print("warming up");
        load(gateway, gatewayPort, WARM_UP_SECONDS);
        load(nginx, stage.nginxPort(), 1);
        var ours = new ArrayList<Round>();
        var theirs = new ArrayList<Round>();
        for (int i = 1; i <= rounds; i++) {
            ours.add(load(gateway, gatewayPort, seconds));
            print("round %d casemate %s".formatted(i, describe(ours.getLast())));
            theirs.add(load(nginx, stage.nginxPort(), seconds));
            print("round %d nginx    %s".formatted(i, describe(theirs.getLast())));
        }
        report(ours, theirs);
    }

    private static void report(List<Round> ours, List<Round> theirs) {
        print("");
        print(
                "%-24s %12s %12s %8s"
                        .formatted("median of " + ours.size(), "casemate", "nginx", "ratio"));
        row("requests/s", ours, theirs, Round::requestsPerSecond);
        row("p50 ms", ours, theirs, round -> round.p50Micros() / 1_000);
        row("p99 ms", ours, theirs, round -> round.p99Micros() / 1_000);
        row("CPU ms per 1,000", ours, theirs, Round::cpuMillisPer1000);
        print(
                "%d connections, both with TLS, a prompt of 2 KB; casemate with policy, budgets, ledger"
                        .formatted(CONNECTIONS));
    }

    private static void row(
            String name, List<Round> ours, List<Round> theirs, ToDoubleFunction<Round> figure) {
        double our = Round.median(ours, figure);
        double their = Round.median(theirs, figure);
        print("%-24s %12.2f %12.2f %8.2f".formatted(name, our, their, our / their));
    }

    private static String describe(Round round) {
        return "%8.0f requests/s  p50 %7.2f ms  p99 %7.2f ms  CPU %7.1f ms per 1,000"
                .formatted(
                        round.requestsPerSecond(),
                        round.p50Micros() / 1_000,
                        round.p99Micros() / 1_000,
                        round.cpuMillisPer1000());
    }

    private Round load(Process contestant, int port, int forSeconds)
            throws IOException, InterruptedException {
        double before = cpuMicros(contestant);
        var output =
                Commands.run(
                        List.of(
                                "wrk",
                                "-t1",
                                "-c" + CONNECTIONS,
                                "-d" + forSeconds + "s",
                                "--timeout",
                                "20s",
                                "-s",
                                stage.directory().resolve("load.lua").toString(),
                                "https://127.0.0.1:" + port));
        double cpu = cpuMicros(contestant) - before;
        var figures =
                output.lines()
                        .filter(line -> line.startsWith("RESULT "))
                        .findFirst()
                        .orElseThrow(() -> new IOException("wrk gave no result: " + output))
                        .split(" ", -1);
        if (!figures[5].equals("0")) {
            throw new IOException(figures[5] + " requests failed: nothing was measured\n" + output);
        }
        return new Round(
                Long.parseLong(figures[1]),
                Double.parseDouble(figures[2]) / 1e6,
                Double.parseDouble(figures[3]),
                Double.parseDouble(figures[4]),
                cpu);
    }

    /// User and system time of a process and its living children: nginx works in those.
    private static double cpuMicros(Process process) throws IOException {
        var family =
                Stream.concat(Stream.of(process.toHandle()), process.toHandle().children())
                        .map(ProcessHandle::pid)
                        .toList();
        long ticks = 0;
        for (long pid : family) {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // Fields 14 and 15, counted from after the name, which may hold anything.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        }
        return ticks * 1e6 / CLOCK_TICKS_PER_SECOND;
    }

    private Process nginx(String config, int port) throws IOException, InterruptedException {
        var file = stage.directory().resolve(config).toString();
        var process = start("nginx", "-p", stage.directory().toString(), "-c", file);
        awaitListening(process, port);
        return process;
    }

    private Process start(String... command) throws IOException {
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        return process;
    }

    private static int readPort(Process gateway) throws IOException {
        var out =
                new BufferedReader(
                        new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8));
        var line = out.readLine();
        if (line == null || !line.startsWith("ready ")) {
            throw new IOException("the gateway did not start: " + line);
        }
        return Integer.parseInt(line.substring("ready ".length()));
    }

    private static void awaitListening(Process process, int port)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (java.net.ConnectException e) {
                process.waitFor(20, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
        }
        throw new IOException("nginx does not listen on port " + port);
    }

    private void stop() throws InterruptedException {
        for (var process : started) {
            process.destroy();
        }
        for (var process : started) {
            process.waitFor();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
