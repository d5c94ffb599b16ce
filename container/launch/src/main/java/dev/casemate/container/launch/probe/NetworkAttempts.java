package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import dev.casemate.container.launch.probe.ProbeSettings.Peer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Ways to talk to somebody. Classes that a sealed runtime lacks are looked up by name.
final class NetworkAttempts {

    private static final int CONNECT_MILLIS = 300;
    private static final int SOME_PORT = 53;
    private static final int OTHER_PORT = 8080;
    private static final int FIRST_OPENING = 10;

    private NetworkAttempts() {}

    static List<Attempt> of(ProbeSettings settings) {
        var attempts = new ArrayList<Attempt>();
        for (var peer : settings.allowed()) {
            attempts.add(new Attempt("connect " + peer, Kind.ALLOWED, () -> connect(peer)));
        }
        for (var peer : settings.forbidden()) {
            attempts.add(new Attempt("connect " + peer, Kind.NETWORK, () -> connect(peer)));
            attempts.add(new Attempt("send a datagram to " + peer, Kind.NETWORK, () -> send(peer)));
        }
        settings.forbidden().stream()
                .findFirst()
                .ifPresent(peer ->
                        attempts.add(
                                new Attempt(
                                        "connect a channel to " + peer,
                                        Kind.NETWORK,
                                        () -> connectChannel(peer))));
        attempts.add(
                new Attempt(
                        "connect to the host's end of the link",
                        Kind.NETWORK,
                        () -> connect(new Peer(neighbour(1), OTHER_PORT))));
        attempts.add(
                new Attempt(
                        "connect to another port of an opening",
                        Kind.NETWORK,
                        () -> connect(new Peer(neighbour(FIRST_OPENING), OTHER_PORT))));
        attempts.add(new Attempt("listen with a socket", Kind.NETWORK, NetworkAttempts::listen));
        attempts.add(
                new Attempt("listen with a channel", Kind.NETWORK, NetworkAttempts::listenChannel));
        attempts.add(
                new Attempt(
                        "look up " + settings.name(), Kind.NAMES, () -> lookUp(settings.name())));
        return attempts;
    }

    /// Another address of the launch's own network: those that it names end in [#FIRST_OPENING] and
    /// up.
    private static String neighbour(int last) throws Throwable {
        var named = Files.readString(Path.of("/run/casemate/hosts")).split("\\s+", 2)[0];
        return named.substring(0, named.lastIndexOf('.') + 1) + last;
    }

    private static String connect(Peer peer) throws Throwable {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MILLIS);
            return "connected";
        } catch (ConnectException refused) {
            return answered(refused);
        }
    }

    /// A refusal is an answer as well: somebody was reached.
    private static String answered(ConnectException refused) throws ConnectException {
        if (String.valueOf(refused.getMessage()).contains("refused")) {
            return "refused by whoever is there";
        }
        throw refused;
    }

    private static String connectChannel(Peer peer) throws Throwable {
        try (var channel = SocketChannel.open()) {
            channel.socket()
                    .connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MILLIS);
            return "connected";
        }
    }

    private static String send(Peer peer) throws Throwable {
        var type = Class.forName("java.net.DatagramSocket");
        var packetType = Class.forName("java.net.DatagramPacket");
        var bytes = new byte[] {'?'};
        try (var socket = (AutoCloseable) type.getConstructor().newInstance()) {
            var packet =
                    packetType
                            .getConstructor(byte[].class, int.class, SocketAddress.class)
                            .newInstance(
                                    bytes,
                                    bytes.length,
                                    new InetSocketAddress(peer.host(), SOME_PORT));
            type.getMethod("send", packetType).invoke(socket, packet);
            return "sent";
        }
    }

    private static String listen() throws Throwable {
        var type = Class.forName("java.net.ServerSocket");
        try (var socket = (AutoCloseable) type.getConstructor(int.class).newInstance(0)) {
            return "listening, as " + type.cast(socket).getClass().getSimpleName();
        }
    }

    private static String listenChannel() throws Throwable {
        var type = Class.forName("java.nio.channels.ServerSocketChannel");
        try (var channel = (AutoCloseable) type.getMethod("open").invoke(null)) {
            type.getMethod("bind", SocketAddress.class).invoke(channel, new InetSocketAddress(0));
            return "listening";
        }
    }

    private static String lookUp(String name) throws Throwable {
        return "found " + InetAddress.getByName(name).getHostAddress();
    }
}
