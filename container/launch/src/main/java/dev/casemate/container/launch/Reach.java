package dev.casemate.container.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A child process inside a launch's namespace that tries to connect, for the proof that the rules
/// hold. Each line of input is `ADDRESS PORT MILLIS`, each line of output `open` or `closed`.
final class Reach {

    static final String OPEN = "open";
    static final String CLOSED = "closed";

    private Reach() {}

    public static void main(String[] arguments) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var words = line.split(" ", -1);
            System.out.println(
                    connects(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]))
                            ? OPEN
                            : CLOSED);
        }
    }

    private static boolean connects(String address, int port, int millis) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), millis);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
