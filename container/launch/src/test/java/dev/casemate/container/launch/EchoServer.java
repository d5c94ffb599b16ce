package dev.casemate.container.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Sends back what it is sent, on loopback.
final class EchoServer implements AutoCloseable {

    private static final int WAITING = 50;

    private final ServerSocket socket =
            new ServerSocket(0, WAITING, InetAddress.getLoopbackAddress());

    EchoServer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                Thread.ofVirtual().start(() -> echo(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException goneAway) {
            // Programs that are refused a call break off as they like.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
