package dev.casemate.proxy.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// Reads a ledger, while a writer is open, too.
public final class LedgerReader {

    private LedgerReader() {}

    /// Every record, in order.
    public static void forEach(Path directory, Consumer<Stored> reader) {
        Objects.requireNonNull(directory);
        Objects.requireNonNull(reader);
    }

    /// The records of one run, in order.
    public static List<Stored> run(Path directory, String run) {
        Objects.requireNonNull(directory);
        Objects.requireNonNull(run);
        return List.of();
    }
}
