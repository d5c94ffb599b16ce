package dev.casemate.proxy.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// A disk whose power fails at one call: what was forced stays; of what was not, each sector and
/// each name stays or goes by lot.
///
/// It writes through to real files, since the ledger reads those, and keeps beside them what a
/// platter would hold.
final class PowerCutDisk implements Disk {

    private static final int SECTOR_BYTES = 512;

    private final Disk real = Disk.real();
    private final Random random;
    private final int cutAt;
    private int calls;
    private Map<Path, Platter> names = new HashMap<>();
    private Map<Path, Platter> durableNames = new HashMap<>();

    /// What is durable of a file, and what a reader sees while there is power.
    private static final class Platter {
        private byte[] forced = new byte[0];
        private byte[] current = new byte[0];
    }

    PowerCutDisk(Random random, int cutAt) {
        this.random = random;
        this.cutAt = cutAt;
    }

    private void call() throws IOException {
        calls++;
        if (calls >= cutAt) {
            throw new IOException("the power is off");
        }
    }

    synchronized int calls() {
        return calls;
    }

    /// Puts what is left after the power cut into another directory.
    synchronized void leftovers(Path from, Path to) throws IOException {
        var left = new HashMap<>(durableNames);
        for (var name : names.entrySet()) {
            if (random.nextBoolean()) {
                left.put(name.getKey(), name.getValue());
            }
        }
        for (var name : durableNames.keySet()) {
            if (!names.containsKey(name) && random.nextBoolean()) {
                left.remove(name);
            }
        }
        for (var name : left.entrySet()) {
            var file = to.resolve(from.relativize(name.getKey()).toString());
            Files.createDirectories(file.resolveSibling("."));
            Files.write(file, torn(name.getValue()));
            Files.setPosixFilePermissions(
                    file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        }
    }

    private byte[] torn(Platter platter) {
        int forced = platter.forced.length;
        int current = platter.current.length;
        int from = Math.min(forced, current);
        int size = from + random.nextInt(Math.max(forced, current) - from + 1);
        var left = Arrays.copyOf(random.nextBoolean() ? platter.forced : platter.current, size);
        for (int at = 0; at < size; at += SECTOR_BYTES) {
            var source = random.nextBoolean() ? platter.forced : platter.current;
            for (int i = at; i < Math.min(at + SECTOR_BYTES, size); i++) {
                left[i] = i < source.length ? source[i] : 0;
            }
        }
        return left;
    }

    @Override
    public synchronized Output create(Path file) throws IOException {
        call();
        var output = real.create(file);
        var platter = new Platter();
        names.put(file, platter);
        return new PlatterOutput(output, platter);
    }

    @Override
    public synchronized Output open(Path file) throws IOException {
        call();
        return new PlatterOutput(real.open(file), Objects.requireNonNull(names.get(file)));
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        call();
        real.rename(from, to);
        var moved = names.remove(from);
        if (moved != null) {
            names.put(to, moved);
        }
    }

    @Override
    public synchronized void deleteIfExists(Path file) throws IOException {
        call();
        real.deleteIfExists(file);
        names.remove(file);
    }

    @Override
    public synchronized void syncName(Path file) throws IOException {
        call();
        durableNames = new HashMap<>(names);
    }

    private final class PlatterOutput implements Output {
        private final Output output;
        private final Platter platter;

        PlatterOutput(Output output, Platter platter) {
            this.output = output;
            this.platter = platter;
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            synchronized (PowerCutDisk.this) {
                int end = (int) offset + bytes.remaining();
                var current = Arrays.copyOf(platter.current, Math.max(platter.current.length, end));
                bytes.duplicate().get(current, (int) offset, bytes.remaining());
                platter.current = current; // a write that the cut interrupts is there by lot, too
                call();
                output.write(bytes, offset);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (PowerCutDisk.this) {
                call();
                platter.forced = platter.current;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (PowerCutDisk.this) {
                call();
                output.truncate(size);
                platter.current =
                        Arrays.copyOf(
                                platter.current, (int) Math.min(size, platter.current.length));
            }
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }

    /// The names of all files, for a failed test's message.
    synchronized List<String> files() {
        var files = new ArrayList<String>();
        names.keySet().forEach(file -> files.add(file.getFileName().toString()));
        return files;
    }
}
