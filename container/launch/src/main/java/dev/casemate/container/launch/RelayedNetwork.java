package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The network of a launch without root: a namespace that has a loopback interface and nothing
/// else, no link, no route, no rules that could be wrong. Behind each opening's address stands a
/// relay that passes connections over a UNIX socket to this process, which connects to the bound
/// target.
///
/// It is tried before there is an agent: what is not an opening must not be reached from inside,
/// and a connection to each opening must arrive at its target.
final class RelayedNetwork implements OpenNetwork {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(5);
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final LaunchFiles files;
    private final List<Opening> openings;
    private final List<RelayDoor> doors = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Process relay;

    /// @throws LaunchException if the network cannot be made, or does not hold
    RelayedNetwork(LaunchFiles files, List<Opening> openings, HostFacts host) {
        this.files = files;
        this.openings = List.copyOf(openings);
        Process started = null;
        try {
            started = start();
            relay = started;
            listen();
            var number = tell();
            Files.createSymbolicLink(files.network(), Path.of("/proc", number, "ns", "net"));
            prove(inside(number), host);
            Thread.ofVirtual().start(this::sweep);
        } catch (IOException e) {
            stop(started);
            throw new LaunchException(Code.NETWORK_SETUP, "expected to set up the relays", e);
        } catch (LaunchException e) {
            stop(started);
            throw e;
        }
    }

    private static Process start() throws IOException {
        var command = new ArrayList<>(List.of("podman", "unshare", "unshare", "--net"));
        command.addAll(ReachProcess.java(Relay.class));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static List<String> inside(String number) {
        return List.of("podman", "unshare", "nsenter", "--target", number, "--net");
    }

    private void listen() throws IOException {
        var places = new Semaphore(RelayDoor.MAX_CONNECTIONS);
        for (int at = 0; at < openings.size(); at++) {
            var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(socket(at)));
            doors.add(new RelayDoor(listening, openings.get(at).binding().target(), places));
        }
    }

    private Path socket(int at) {
        return files.directory().resolve("o" + at);
    }

    /// @return the number of the relay's process
    private String tell() throws IOException {
        Writer orders = relay.outputWriter(StandardCharsets.UTF_8);
        for (int at = 0; at < openings.size(); at++) {
            var opening = openings.get(at);
            orders.write("%s %d %s\n".formatted(opening.address(), opening.port(), socket(at)));
        }
        orders.write(Relay.DONE + "\n");
        orders.flush();
        var answers = relay.inputReader(StandardCharsets.UTF_8);
        var line = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> line.complete(read(answers)));
        var number = line.completeOnTimeout("", START.toMillis(), TimeUnit.MILLISECONDS).join();
        if (!number.matches("[0-9]{1,10}")) {
            throw new LaunchException(
                    Code.NETWORK_SETUP,
                    "expected a namespace of this user's own; see that podman unshare unshare --net true works");
        }
        return number;
    }

    private static String read(BufferedReader answers) {
        try {
            var line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException gone) {
            return "";
        }
    }

    private void prove(List<String> inside, HostFacts host) throws IOException {
        try (var reach = ReachProcess.by(inside);
                var forbidden = new ServerSocket(0, 50, InetAddress.ofLiteral("0.0.0.0"))) {
            int port = forbidden.getLocalPort();
            requireAnswer(port);
            requireClosed(reach, "127.0.0.1", port);
            for (var address : host.addresses()) {
                if (!address.contains(":")) {
                    requireClosed(reach, address, port);
                }
            }
            requireClosed(reach, openings.getFirst().address(), port);
            for (int at = 0; at < openings.size(); at++) {
                requireOpen(reach, openings.get(at), doors.get(at));
            }
        }
    }

    /// From outside the listener answers, so that silence inside means something.
    private static void requireAnswer(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    ReachProcess.OPEN_MILLIS);
        }
    }

    private static void requireClosed(ReachProcess reach, String address, int port) {
        if (reach.connects(address, port, ReachProcess.CLOSED_MILLIS)) {
            throw new LaunchException(
                    Code.NETWORK_OPEN,
                    "expected the namespace to have no way to the host; no agent was started");
        }
    }

    private static void requireOpen(ReachProcess reach, Opening opening, RelayDoor door) {
        boolean arrived = false;
        try {
            arrived =
                    reach.connects(opening.address(), opening.port(), ReachProcess.OPEN_MILLIS)
                            && door.connected()
                                    .tryAcquire(ReachProcess.OPEN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!arrived) {
            throw new LaunchException(
                    Code.TARGET_UNREACHABLE,
                    "expected %s to answer on its target's port %d; start it"
                            .formatted(opening.binding().name(), opening.targetPort()));
        }
    }

    private void sweep() {
        try {
            while (!stopped.await(SWEEP.toSeconds(), TimeUnit.SECONDS)) {
                doors.forEach(door -> door.endIdle(System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop(relay);
    }

    private void stop(@org.jspecify.annotations.Nullable Process process) {
        stopped.countDown();
        for (var door : doors) {
            try {
                door.close();
            } catch (IOException gone) {
                // It is closed for us.
            }
        }
        if (process != null) {
            // podman stands in front of it: the relay itself ends with its input.
            try {
                process.getOutputStream().close();
            } catch (IOException gone) {
                // It has ended.
            }
            try {
                process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process.destroyForcibly();
        }
    }
}
