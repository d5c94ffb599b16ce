package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a second writer out of a directory. The kernel lets go of it when the process dies.
final class WriterLock implements Closeable {

    // The kernel's lock is the process's, and is lost when any of its descriptors on the file is
    // closed; so the file is not even opened twice.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private WriterLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /// @throws LedgerException with code `LOCKED`
    static WriterLock take(Path directory) throws IOException {
        var real = directory.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw locked(directory);
        }
        boolean taken = false;
        try {
            var channel =
                    FileChannel.open(
                            real.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            taken = channel.tryLock() != null;
            if (taken) {
                return new WriterLock(real, channel);
            }
            channel.close();
            throw locked(directory);
        } finally {
            if (!taken) {
                HELD_HERE.remove(real);
            }
        }
    }

    private static LedgerException locked(Path directory) {
        return new LedgerException(Code.LOCKED, "another writer holds " + directory);
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return; // by now another writer of this process may hold the directory
        }
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(directory);
        }
    }
}
