package dev.casemate.container.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The end of a relay that is inside a namespace: the only process there besides the agent.
///
/// Each line of input is `ADDRESS PORT SOCKET`, the last one is `done`; then it prints the number
/// of its process, and passes connections on until its input ends, which it does with the launcher.
final class Relay {

    static final String DONE = "done";

    private static final Path NO_IPV6 = Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6");
    private static final int BACKLOG = 50;
    private static final int STEP_SECONDS = 10;

    private Relay() {}

    public static void main(String[] arguments) throws Exception {
        if (Files.exists(NO_IPV6)) {
            Files.writeString(NO_IPV6, "1");
        }
        ip("link", "set", "lo", "up");
        var places = new Semaphore(RelayDoor.MAX_CONNECTIONS);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = input.readLine(); !DONE.equals(line); line = input.readLine()) {
            if (line == null) {
                return;
            }
            open(line.split(" ", 3), places);
        }
        System.out.println(ProcessHandle.current().pid());
        while (input.readLine() != null) {
            // Whatever comes after the openings says only that the launcher is there.
        }
        System.exit(0);
    }

    // It listens for as long as the process lives.
    @SuppressWarnings({"resource", "MustBeClosedChecker"})
    private static void open(String[] words, Semaphore places)
            throws IOException, InterruptedException {
        ip("address", "add", words[0] + "/32", "dev", "lo");
        var listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(words[0], Integer.parseInt(words[1])), BACKLOG);
        new RelayDoor(listening, UnixDomainSocketAddress.of(words[2]), places);
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add("ip");
        command.addAll(java.util.List.of(words));
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (!process.waitFor(STEP_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("expected ip to set up the loopback interface");
        }
    }
}
