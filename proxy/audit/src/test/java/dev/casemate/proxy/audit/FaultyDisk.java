package dev.casemate.proxy.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// The real disk with something that happens before, and perhaps instead of, each call.
final class FaultyDisk implements Disk {

    /// What happens before a call.
    @FunctionalInterface
    interface Fault {

        /// @param call the name of the call
        /// @param number from 1, over all calls
        void before(String call, int number) throws IOException;
    }

    private final Disk real = Disk.real();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Fault fault;

    /// A disk that works, and is quick because it waits for no platter.
    static Disk sound() {
        return new FaultyDisk((_, _) -> {});
    }

    FaultyDisk(Fault fault) {
        this.fault = fault;
    }

    void before(Fault next) {
        this.fault = next;
    }

    int calls() {
        return calls.get();
    }

    private void call(String name) throws IOException {
        fault.before(name, calls.incrementAndGet());
    }

    @Override
    public Output create(Path file) throws IOException {
        call("create");
        return new FaultyOutput(real.create(file));
    }

    @Override
    public Output open(Path file) throws IOException {
        call("open");
        return new FaultyOutput(real.open(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call("rename");
        real.rename(from, to);
    }

    @Override
    public void deleteIfExists(Path file) throws IOException {
        call("delete");
        real.deleteIfExists(file);
    }

    @Override
    public void syncName(Path file) throws IOException {
        call("syncName");
    }

    private final class FaultyOutput implements Output {
        private final Output output;

        FaultyOutput(Output output) {
            this.output = output;
        }

        /// A write that fails has written the first half.
        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            try {
                call("write");
            } catch (IOException e) {
                output.write(bytes.slice(bytes.position(), bytes.remaining() / 2), offset);
                throw e;
            }
            output.write(bytes, offset);
        }

        @Override
        public void force() throws IOException {
            call("force"); // without the real one: here the power stays on
        }

        @Override
        public void truncate(long size) throws IOException {
            call("truncate");
            output.truncate(size);
        }

        @Override
        public void close() throws IOException {
            output.close();
        }
    }
}
