package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import dev.casemate.proxy.audit.SegmentReader.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Every signed checkpoint of a directory, held against the log while it is read.
///
/// Each sealed segment has a checkpoint of its own beside it, so a difference can be narrowed down
/// to one segment. Not for use by more than one thread.
final class SignedHistory implements LogScan.Visitor {

    static final String CHECKPOINT = "checkpoint";

    private final List<Segment> segments;
    private final Checkpoint latest;
    private final ArrayDeque<Signed> ahead;
    private final MerkleTree tree = new MerkleTree();
    private long agreed;

    /// @param file the name of the file that the checkpoint is from
    private record Signed(String file, Checkpoint checkpoint) {}

    private SignedHistory(List<Segment> segments, Checkpoint latest, ArrayDeque<Signed> ahead) {
        this.segments = segments;
        this.latest = latest;
        this.ahead = ahead;
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(CHECKPOINT));
    }

    /// Reads the checkpoints first and lists the segments after, so that a writer may go on.
    ///
    /// @throws LedgerException `TAMPERED` if one is missing or was changed, or as [Note#read]
    static SignedHistory read(Path directory, VerifierKey key) {
        if (!exists(directory)) {
            throw new LedgerException(
                    Code.TAMPERED, directory.resolve(CHECKPOINT) + " is missing: restore it");
        }
        var latest = Note.read(directory.resolve(CHECKPOINT), key);
        var segments = Segment.list(directory);
        var signed = new TreeMap<Long, Signed>(Comparator.naturalOrder());
        for (var sealed : segments.subList(0, Math.max(segments.size() - 1, 0))) {
            var file = sealed.seal();
            var name = file.getFileName().toString();
            if (Files.notExists(file)) {
                throw new LedgerException(Code.TAMPERED, name + " is missing: restore it");
            }
            var seal = Note.read(file, key);
            signed.put(seal.size(), new Signed(name, seal));
        }
        signed.put(latest.size(), new Signed(CHECKPOINT, latest));
        return new SignedHistory(segments, latest, new ArrayDeque<>(signed.values()));
    }

    /// Goes through the log, hands each record on, and compares the tree at each signed size.
    ///
    /// @throws LedgerException `TAMPERED` if the log differs or is shorter, `CORRUPT` for damage
    LogScan.End check(LogScan.Visitor visitor) {
        compare();
        var end =
                LogScan.scan(
                        segments,
                        (segment, frame) -> {
                            visit(segment, frame);
                            visitor.visit(segment, frame);
                        });
        var missing = Optional.ofNullable(ahead.peekLast());
        if (missing.isPresent()) {
            throw new LedgerException(
                    Code.TAMPERED,
                    "%s: the log ends after %d records (%s), %s has signed %d"
                            .formatted(
                                    end.place(),
                                    end.records(),
                                    end.torn().map(Step.Torn::what).orElse("whole"),
                                    missing.get().file(),
                                    missing.get().checkpoint().size()));
        }
        return end;
    }

    @Override
    public void visit(Segment segment, Step.Frame frame) {
        tree.add(MerkleTree.leaf(frame.bytes()));
        compare();
    }

    private void compare() {
        var next = ahead.peekFirst();
        if (next == null || next.checkpoint().size() != tree.size()) {
            return;
        }
        if (!next.checkpoint().root().equals(tree.root())) {
            throw new LedgerException(
                    Code.TAMPERED,
                    "records %d to %d (%s) are not those that %s has signed"
                            .formatted(agreed, tree.size() - 1, files(), next.file()));
        }
        agreed = tree.size();
        ahead.removeFirst();
    }

    /// The segments that hold the records from the last agreement on.
    private String files() {
        var first = segments.reversed().stream().filter(s -> s.first() <= agreed).findFirst();
        var last = segments.reversed().stream().filter(s -> s.first() < tree.size()).findFirst();
        return first.map(s -> s.file().getFileName().toString()).orElse("no segment")
                + (first.equals(last)
                        ? ""
                        : last.map(s -> " to " + s.file().getFileName()).orElse(""));
    }

    /// The tree over what was read so far.
    MerkleTree tree() {
        return tree;
    }

    Checkpoint latest() {
        return latest;
    }

    boolean empty() {
        return segments.isEmpty();
    }
}
