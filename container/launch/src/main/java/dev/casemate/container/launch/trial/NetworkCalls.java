package dev.casemate.container.launch.trial;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Ways to reach somebody, by system calls. [SimulatedWorld] answers for all of these addresses.
final class NetworkCalls {

    private static final long CLOSE = 3;
    private static final long SOCKET = 41;
    private static final long CONNECT = 42;
    private static final long SENDTO = 44;
    private static final long RECVFROM = 45;
    private static final long BIND = 49;
    private static final long LISTEN = 50;
    private static final long SETSOCKOPT = 54;

    private static final int IPV4 = 2;
    private static final int IPV6 = 10;
    private static final long STREAM = 1;
    private static final long DATAGRAM = 2;
    private static final long RAW = 3;
    private static final long RECEIVE_LIMIT = 20;
    private static final long SEND_LIMIT = 21;

    /// How long an answer is waited for; whoever answers is on this machine.
    private static final long WAIT_MICROS = 100_000;

    private static final int REFUSED = 111;

    /// Who is connected to: a name for the table, an address, a port.
    private static final List<Peer> PEERS =
            List.of(
                    new Peer("another container", "10.88.0.2", 8080),
                    new Peer("another launch's agent", "198.19.255.2", 443),
                    new Peer("another launch's opening", "198.19.255.10", 443),
                    new Peer("the host's address, SSH", SimulatedWorld.HOST, 22),
                    new Peer("the host's address, another service", SimulatedWorld.HOST, 8080),
                    new Peer("the host's address on another link", "10.88.0.1", 22),
                    new Peer("the host's router", SimulatedWorld.ROUTER, 80),
                    new Peer("a name server over TCP", "192.0.2.53", 53),
                    new Peer("a name server over TLS", "192.0.2.53", 853),
                    new Peer("a name server over HTTPS", "198.51.100.53", 443),
                    new Peer("the cloud's metadata", "169.254.169.254", 80),
                    new Peer("a container service's metadata", "169.254.170.2", 80),
                    new Peer("the cloud's metadata, IPv6", "fd00:ec2::254", 80),
                    new Peer("the internet, TEST-NET-1", "192.0.2.10", 443),
                    new Peer("the internet, TEST-NET-2", "198.51.100.7", 80),
                    new Peer("the internet, TEST-NET-3", "203.0.113.5", 443),
                    new Peer("the internet, SMTP", "203.0.113.25", 25),
                    new Peer("the internet, SSH", "203.0.113.22", 22),
                    new Peer("a private network, 10/8", "10.1.2.3", 443),
                    new Peer("a private network, 172.16/12", "172.16.9.9", 443),
                    new Peer("a private network, 192.168/16", "192.168.1.1", 80),
                    new Peer("a carrier's network, 100.64/10", "100.64.0.1", 443),
                    new Peer("the benchmark range, 198.18/15", "198.18.255.77", 443),
                    new Peer("the address 0.0.0.0", "0.0.0.0", 443),
                    new Peer("loopback", "127.0.0.1", 443),
                    new Peer("another loopback address", "127.1.2.3", 8080),
                    new Peer("the local name service", "127.0.0.53", 53),
                    new Peer("loopback, IPv6", "::1", 443),
                    new Peer("the address ::", "::", 443),
                    new Peer("the internet, IPv6", "2001:db8:1::5", 443),
                    new Peer("a unique local address, IPv6", "fd12:3456::1", 443),
                    new Peer("NAT64", "64:ff9b::cb00:7105", 443),
                    new Peer("6to4", "2002:cb00:7105::1", 443),
                    new Peer("Teredo", "2001::5", 443),
                    new Peer(
                            "a bound target by its real address",
                            SimulatedWorld.TARGET,
                            SimulatedWorld.TARGET_PORT),
                    new Peer("a bound target's other port", SimulatedWorld.TARGET, 22));

    private record Peer(String name, String address, int port) {}

    private final NativeAttempts attempts;
    private final NativeProgram program;
    private final long wait;

    private NetworkCalls(NativeAttempts attempts) {
        this.attempts = attempts;
        program = attempts.program();
        wait = program.words(0, WAIT_MICROS);
    }

    static void describe(NativeAttempts attempts) {
        new NetworkCalls(attempts).describe();
    }

    private void describe() {
        attempts.area("network");
        PEERS.forEach(peer -> connect("connect to " + peer.name, peer, 0));
        connect(
                "connect to the internet, IPv4 in IPv6",
                new Peer("", "::ffff:203.0.113.5", 443),
                0);
        connect("connect by MPTCP", new Peer("", "203.0.113.5", 443), 262);
        connect("connect by SCTP", new Peer("", "203.0.113.5", 443), 132);
        linkLocal();
        datagram("ask a name server", "192.0.2.53", 53);
        datagram("ask the host as a name server", SimulatedWorld.HOST, 53);
        datagram("ask another container as a name server", "10.88.0.2", 53);
        datagram("ask a name server, IPv6", "2001:db8:1::53", 53);
        datagram("send QUIC to the internet", "203.0.113.5", 443);
        datagram("send NTP to the internet", "203.0.113.5", 123);
        group("send to a multicast group", "224.0.0.251");
        group("send to a multicast group, IPv6", "ff0e::1");
        group("send to everybody on the link", "255.255.255.255");
        echo("ping the internet by a raw socket", RAW);
        echo("ping the internet by a datagram socket", DATAGRAM);
        listen();
        sockets();
    }

    private void connect(String name, Peer peer, long protocol) {
        var address = socketAddress(peer.address, peer.port, 0);
        var made = attempts.attempt(name);
        long family = address.length == 16 ? IPV4 : IPV6;
        made.prepare(SOCKET, family, STREAM, protocol);
        long socket = made.result();
        connectTo(made, socket, address);
        made.then(CLOSE, socket);
    }

    /// A refusal is an answer as well.
    private void connectTo(NativeAttempts.Try made, long socket, byte[] address) {
        made.prepare(SETSOCKOPT, socket, 1, SEND_LIMIT, wait, 16);
        made.decide(CONNECT, socket, program.bytes(address), address.length).orErrors(REFUSED);
    }

    /// An address of one link needs the link's number, and the first few are tried.
    private void linkLocal() {
        var made = attempts.attempt("connect to a link-local address");
        made.prepare(SOCKET, IPV6, STREAM, 0);
        long socket = made.result();
        for (int link = 2; link < 8; link++) {
            var address = socketAddress("fe80::1", 8080, link);
            connectTo(made, socket, address);
        }
        made.then(CLOSE, socket);
    }

    private void datagram(String name, String address, int port) {
        var place = socketAddress(address, port, 0);
        var made = attempts.attempt(name);
        made.prepare(SOCKET, place.length == 16 ? IPV4 : IPV6, DATAGRAM, 0);
        long socket = made.result();
        send(made, socket, place, program.text("?"), 1);
    }

    /// Nobody has to answer: it came about once it is sent.
    private void group(String name, String address) {
        var place = socketAddress(address, 5353, 0);
        var made = attempts.attempt(name);
        made.prepare(SOCKET, place.length == 16 ? IPV4 : IPV6, DATAGRAM, 0);
        long socket = made.result();
        made.prepare(SETSOCKOPT, socket, 1, 6, program.words(1), 4);
        long to = program.bytes(place);
        made.decide(SENDTO, socket, program.text("?"), 1, 0, to, place.length);
        made.then(CLOSE, socket);
    }

    private void echo(String name, long type) {
        var made = attempts.attempt(name);
        made.prepare(SOCKET, IPV4, type, 1);
        long socket = made.result();
        // An echo request: type 8, its sum, number 1.
        var request = program.bytes(new byte[] {8, 0, (byte) 0xf7, (byte) 0xfe, 0, 0, 0, 1});
        send(made, socket, socketAddress("203.0.113.5", 0, 0), request, 8);
    }

    /// It came about if something answers.
    private void send(
            NativeAttempts.Try made, long socket, byte[] address, long text, long length) {
        made.prepare(SETSOCKOPT, socket, 1, RECEIVE_LIMIT, wait, 16);
        made.prepare(SENDTO, socket, text, length, 0, program.bytes(address), address.length);
        made.decide(RECVFROM, socket, NativeProgram.SCRATCH, 512, 0, 0, 0)
                .atLeast(1)
                .orErrors(REFUSED);
        made.then(CLOSE, socket);
    }

    private void listen() {
        var any = program.bytes(socketAddress("0.0.0.0", 0, 0));
        attempts.attempt("bind a port")
                .prepare(SOCKET, IPV4, STREAM, 0)
                .decide(BIND, NativeProgram.resultOf(program.next() - 1), any, 16);
        attempts.attempt("listen")
                .prepare(SOCKET, IPV4, STREAM, 0)
                .decide(LISTEN, NativeProgram.resultOf(program.next() - 1), 1);
        attempts.attempt("mark packets")
                .prepare(SOCKET, IPV4, STREAM, 0)
                .decide(
                        SETSOCKOPT,
                        NativeProgram.resultOf(program.next() - 1),
                        1,
                        36,
                        program.words(7),
                        4);
    }

    private void sockets() {
        socket("make a raw socket", IPV4, RAW, 255);
        socket("make a raw socket, IPv6", IPV6, RAW, 58);
        socket("make a datagram socket", IPV4, DATAGRAM, 0);
        socket("make a packet socket", 17, RAW, 0x300);
        socket("make a netlink socket", 16, RAW, 0);
        socket("make a netlink socket for audit", 16, RAW, 9);
        socket("make a local stream socket", 1, STREAM, 0);
        socket("make a local datagram socket", 1, DATAGRAM, 0);
        socket("make a socket to the hypervisor", 40, STREAM, 0);
        socket("make a socket to the kernel's ciphers", 38, 5, 0);
        socket("make a socket of the key management", 15, RAW, 2);
    }

    private void socket(String name, long family, long type, long protocol) {
        attempts.attempt(name).decide(SOCKET, family, type, protocol);
    }

    private static byte[] socketAddress(String text, int port, int scope) {
        var mapped = text.startsWith("::ffff:");
        var address = InetAddress.ofLiteral(mapped ? text.substring(7) : text);
        boolean small = address instanceof Inet4Address && !mapped;
        var bytes = ByteBuffer.allocate(small ? 16 : 28).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) (small ? IPV4 : IPV6));
        bytes.put((byte) (port >> 8)).put((byte) port);
        if (small) {
            return bytes.put(address.getAddress()).array();
        }
        bytes.putInt(0);
        if (mapped) {
            bytes.putLong(0).putShort((short) 0).putShort((short) -1);
        }
        bytes.put(address.getAddress());
        return bytes.putInt(24, scope).array();
    }
}
