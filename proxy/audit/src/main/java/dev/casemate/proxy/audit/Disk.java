package dev.casemate.proxy.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// Everything that the ledger does to a disk, one call each, so that a test can fail each in turn.
interface Disk {

    /// A file that is being written.
    interface Output extends Closeable {

        /// Writes all of the bytes at this offset, or throws; then any part may be written.
        void write(ByteBuffer bytes, long offset) throws IOException;

        /// Makes what was written durable: fdatasync.
        void force() throws IOException;

        void truncate(long size) throws IOException;
    }

    /// Makes a new file that only its owner may read.
    Output create(Path file) throws IOException;

    Output open(Path file) throws IOException;

    void rename(Path from, Path to) throws IOException;

    void deleteIfExists(Path file) throws IOException;

    /// Makes a new, changed or removed name durable: syncs the directory that holds it.
    void syncName(Path file) throws IOException;

    /// Replaces a file whole: after a crash there is the old content or the new.
    default void publish(Path file, String content) throws IOException {
        var next = file.resolveSibling(file.getFileName() + ".new");
        deleteIfExists(next);
        try (var output = create(next)) {
            output.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
            output.force();
        }
        rename(next, file);
        syncName(file);
    }

    /// The disk of this machine.
    static Disk real() {
        return new RealDisk();
    }

    /// Files through [FileChannel].
    final class RealDisk implements Disk {

        @Override
        public Output create(Path file) throws IOException {
            var mine =
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"));
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new ChannelOutput(FileChannel.open(file, options, mine));
        }

        @Override
        public Output open(Path file) throws IOException {
            return new ChannelOutput(FileChannel.open(file, StandardOpenOption.WRITE));
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void deleteIfExists(Path file) throws IOException {
            Files.deleteIfExists(file);
        }

        @Override
        public void syncName(Path file) throws IOException {
            var directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /// @param channel open for writing
    record ChannelOutput(FileChannel channel) implements Output {

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            while (bytes.hasRemaining()) {
                offset += channel.write(bytes, offset);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
