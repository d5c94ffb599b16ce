package dev.casemate.agent.sdk;

import dev.casemate.manifest.Deployment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// A server on loopback that answers with bytes as they are, however wrong they are.
final class RawTls implements AutoCloseable {

    /// Writes the answer to one request.
    @FunctionalInterface
    interface Answering {
        void answer(OutputStream out) throws IOException;
    }

    /// The heads of what was asked.
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final Answering answering;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private RawTls(ServerSocket server, Answering answering) {
        this.server = server;
        this.answering = answering;
        threads.execute(this::accept);
    }

    static RawTls over(SSLContext certificates, Answering answering) {
        try {
            var server =
                    certificates
                            .getServerSocketFactory()
                            .createServerSocket(0, 8, InetAddress.getLoopbackAddress());
            return new RawTls(server, answering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Without TLS: the bytes that a client sees are the first ones.
    static RawTls plain(Answering answering) {
        try {
            return new RawTls(new ServerSocket(0, 8, InetAddress.getLoopbackAddress()), answering);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            asked.add(head(socket.getInputStream()));
            answering.answer(socket.getOutputStream());
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // The other side has hung up, as it should on most of what is said here.
        }
    }

    /// To the empty line; of what is no HTTP, the first few bytes.
    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0 && head.length() < 8192) {
            int next = in.read();
            if (next < 0 || (head.isEmpty() && next == 0x16)) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /// Between two pieces of an answer.
    ///
    /// @return whether there is still anybody who waits
    boolean pause() {
        try {
            return !closed.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    Deployment.Endpoint endpoint(Certificates trusted) {
        return new Deployment.Endpoint(
                "localhost",
                server.getLocalPort(),
                Optional.of(trusted.authority().toString()),
                Optional.empty());
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
        threads.close();
    }
}
