package dev.casemate.container.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Accepts connections and closes them: in this process, or in one of its own inside a namespace,
/// where each argument is `ADDRESS:PORT` and one line says when all are listening.
final class Listener implements AutoCloseable {

    private final ServerSocket socket;

    /// @param port 0 for any
    Listener(String address, int port) throws IOException {
        socket = new ServerSocket(port, 50, InetAddress.ofLiteral(address));
        Thread.ofVirtual().start(this::accept);
    }

    public static void main(String[] arguments) throws Exception {
        for (var argument : arguments) {
            int colon = argument.lastIndexOf(':');
            new Listener(
                    argument.substring(0, colon), Integer.parseInt(argument.substring(colon + 1)));
        }
        System.out.println("listening");
        // Until the process that started this one ends it, or is gone itself.
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                socket.accept().close();
            } catch (IOException e) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
