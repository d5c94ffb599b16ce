package dev.casemate.container.launch.probe;

import java.util.ArrayList;
import java.util.List;

/// What a probe is told about its container.
///
/// @param forbidden peers that must not be reached, `HOST:PORT`
/// @param allowed peers that must be
/// @param name a name that must not be found
/// @param tmpBytes what /tmp may hold
/// @param threads more than the container may have
/// @param memoryBytes how much memory to take; 0 for none
record ProbeSettings(
        List<Peer> forbidden,
        List<Peer> allowed,
        String name,
        long tmpBytes,
        int threads,
        long memoryBytes) {

    static final int MAX_THREADS = 2_000;
    static final long MAX_TMP_BYTES = 256L << 20;
    static final long MAX_MEMORY_BYTES = 2L << 30;

    /// Somebody to connect to.
    record Peer(String host, int port) {

        static Peer read(String text) {
            int colon = text.lastIndexOf(':');
            return new Peer(
                    text.substring(0, colon).replaceAll("[\\[\\]]", ""),
                    Integer.parseInt(text.substring(colon + 1)));
        }

        @Override
        public String toString() {
            return host.contains(":") ? "[%s]:%d".formatted(host, port) : host + ":" + port;
        }
    }

    static ProbeSettings read(List<String> arguments) {
        var forbidden = new ArrayList<Peer>();
        var allowed = new ArrayList<Peer>();
        var name = "example.com";
        long tmpBytes = 16L << 20;
        int threads = 400;
        long memoryBytes = 0;
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            var value = arguments.get(i + 1);
            switch (arguments.get(i)) {
                case "--forbidden" -> forbidden.add(Peer.read(value));
                case "--allowed" -> allowed.add(Peer.read(value));
                case "--name" -> name = value;
                case "--tmp-bytes" -> tmpBytes = Math.min(Long.parseLong(value), MAX_TMP_BYTES);
                case "--threads" -> threads = Math.min(Integer.parseInt(value), MAX_THREADS);
                case "--memory-bytes" ->
                        memoryBytes = Math.min(Long.parseLong(value), MAX_MEMORY_BYTES);
                default ->
                        throw new IllegalArgumentException(
                                "expected an argument that Probe's documentation names");
            }
        }
        return new ProbeSettings(
                List.copyOf(forbidden), List.copyOf(allowed), name, tmpBytes, threads, memoryBytes);
    }
}
