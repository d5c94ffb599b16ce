package dev.casemate.container.launch.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// A program that takes one thing without end: the one that its argument names. Like the probe, it
/// stands in an agent's place, to see a limit hold.
public final class Runaway {

    private static final int CHUNK_BYTES = 1 << 20;

    private Runaway() {}

    /// @param arguments `processor`, `memory`, `threads` or `disk`; `file` reads the file of the
    ///   second argument, says after each MiB how much it has, and stays; `nothing` takes nothing
    ///   and stays, for comparison
    public static void main(String[] arguments) throws IOException {
        System.out.println("started");
        switch (arguments[0]) {
            case "processor" -> spin();
            case "memory" -> hoard();
            case "threads" -> start();
            case "disk" -> fill();
            case "file" -> read(Path.of(arguments[1]));
            case "nothing" -> stay();
            default -> throw new IllegalArgumentException("expected the name of a runaway");
        }
    }

    /// On every processor: one thread alone might be within its share.
    private static void spin() {
        for (int i = 1; i < Runtime.getRuntime().availableProcessors() + 2; i++) {
            Thread.ofPlatform().daemon().start(Runaway::count);
        }
        count();
    }

    private static void count() {
        for (long i = 0; ; i++) {
            if (i == Long.MIN_VALUE) {
                System.out.println("this takes longer than any deadline");
            }
        }
    }

    private static void hoard() {
        var hoard = new ArrayList<byte[]>();
        while (true) {
            hoard.add(new byte[CHUNK_BYTES]);
            hoard.getLast()[0] = 1;
        }
    }

    private static void start() {
        while (true) {
            Thread.ofPlatform().daemon().start(Runaway::stay);
        }
    }

    private static void stay() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void read(Path path) throws IOException {
        try (var file = Files.newInputStream(path)) {
            long bytes = 0;
            int read;
            while ((read = file.readNBytes(CHUNK_BYTES).length) > 0) {
                bytes += read;
                System.out.println("read " + bytes);
            }
        }
        stay();
    }

    private static void fill() throws IOException {
        var chunk = new byte[CHUNK_BYTES];
        try (var file = Files.newOutputStream(Path.of("/tmp", "filling"))) {
            while (true) {
                file.write(chunk);
            }
        }
    }
}
