package dev.casemate.proxy.audit;

import dev.casemate.manifest.Correlation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Reads a ledger, while a writer is open, too: whole records only, in order.
///
/// It may see a record a moment before the record is durable. It checks each record's checksum but
/// not the tree: for that there is [LedgerVerifier].
public final class LedgerReader {

    private LedgerReader() {}

    /// Every record, in order.
    ///
    /// @throws LedgerException `CORRUPT` with segment, offset and record number, or `IO`
    public static void forEach(Path directory, Consumer<Stored> reader) {
        LogScan.scan(
                Segment.list(directory),
                (segment, frame) -> reader.accept(EntryText.stored(segment, frame)));
    }

    /// The records of one run, in order. Reads the whole log: there is no index yet.
    ///
    /// @param run as in [Correlation#run]
    /// @throws LedgerException as [#forEach]
    public static List<Stored> run(Path directory, String run) {
        var records = new ArrayList<Stored>();
        var id = run.getBytes(StandardCharsets.UTF_8);
        LogScan.scan(
                Segment.list(directory),
                (segment, frame) -> {
                    if (EntryText.mayName(frame.bytes(), id)) {
                        var stored = EntryText.stored(segment, frame);
                        if (stored.entry()
                                .correlation()
                                .map(Correlation::run)
                                .filter(run::equals)
                                .isPresent()) {
                            records.add(stored);
                        }
                    }
                });
        return List.copyOf(records);
    }
}
