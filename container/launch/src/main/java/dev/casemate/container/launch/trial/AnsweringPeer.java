package dev.casemate.container.launch.trial;

import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Everybody in one namespace of a simulated world: accepts connections on any of its addresses,
/// and sends datagrams back.
final class AnsweringPeer {

    private static final List<Integer> CONNECTIONS =
            List.of(22, 25, 53, 80, 443, 853, 8080, SimulatedWorld.TARGET_PORT);
    private static final List<Integer> DATAGRAMS = List.of(53, 123, 443, 5353);

    private AnsweringPeer() {}

    public static void main(String[] arguments) throws IOException {
        for (var name :
                List.of(
                        "ipv4/ip_forward",
                        "ipv6/conf/all/forwarding",
                        "ipv4/conf/all/forwarding")) {
            Files.writeString(Path.of("/proc/sys/net", name), "1");
        }
        for (int port : CONNECTIONS) {
            var socket = new ServerSocket(port);
            Thread.ofVirtual().start(() -> accept(socket));
        }
        for (int port : DATAGRAMS) {
            var socket = new DatagramSocket(port);
            Thread.ofVirtual().start(() -> sendBack(socket));
        }
        System.out.println("answering");
        // Until the process that started this one ends it, or is gone itself.
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    private static void accept(ServerSocket socket) {
        while (true) {
            try {
                socket.accept().close();
            } catch (IOException next) {
                // Whoever it was is gone again.
            }
        }
    }

    private static void sendBack(DatagramSocket socket) {
        var packet = new DatagramPacket(new byte[512], 512);
        while (true) {
            try {
                socket.receive(packet);
                socket.send(packet);
            } catch (IOException next) {
                // An answer that could not be sent is one that was not wanted.
            }
        }
    }
}
