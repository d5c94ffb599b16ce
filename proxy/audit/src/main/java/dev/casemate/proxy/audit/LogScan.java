package dev.casemate.proxy.audit;

import dev.casemate.proxy.audit.LedgerException.Code;
import dev.casemate.proxy.audit.SegmentReader.Step;
import java.util.List;
import java.util.Optional;

/// Goes through all segments in order, from the first record to the last whole one.
final class LogScan {

    /// Takes each record with the segment that holds it.
    @FunctionalInterface
    interface Visitor {
        void visit(Segment segment, Step.Frame frame);
    }

    /// Where the log ends.
    ///
    /// @param records whole records
    /// @param last the segment that a writer goes on with; empty if there is none
    /// @param offset the end of the last whole record in it
    /// @param torn what stands behind that and is no whole record
    record End(long records, Optional<Segment> last, long offset, Optional<Step.Torn> torn) {

        /// The place behind the last whole record, for messages.
        String place() {
            return last.map(segment -> segment.place(offset)).orElse("no segment");
        }
    }

    private LogScan() {}

    /// @throws LedgerException `CORRUPT` with segment, offset and record number
    static End scan(List<Segment> segments, Visitor visitor) {
        var end = new End(0, Optional.empty(), 0, Optional.empty());
        for (var segment : segments) {
            end.torn()
                    .ifPresent(torn -> {
                        throw damaged(segments, segment, torn);
                    });
            if (segment.first() != end.records()) {
                throw new LedgerException(
                        Code.CORRUPT,
                        "expected a segment that begins with record %d, found %s"
                                .formatted(end.records(), segment.file().getFileName()));
            }
            end = scan(segment, visitor);
        }
        return end;
    }

    private static LedgerException damaged(List<Segment> segments, Segment next, Step.Torn torn) {
        var broken = segments.get(segments.indexOf(next) - 1);
        return new LedgerException(
                Code.CORRUPT,
                "%s, record %d: %s, and a segment follows"
                        .formatted(broken.place(torn.offset()), torn.index(), torn.what()));
    }

    private static End scan(Segment segment, Visitor visitor) {
        long records = segment.first();
        try (var reader = new SegmentReader(segment)) {
            while (true) {
                switch (reader.next()) {
                    case Step.Frame frame -> {
                        visitor.visit(segment, frame);
                        records++;
                    }
                    case Step.End(var offset) -> {
                        return new End(records, Optional.of(segment), offset, Optional.empty());
                    }
                    case Step.Torn torn -> {
                        return new End(
                                records, Optional.of(segment), torn.offset(), Optional.of(torn));
                    }
                }
            }
        }
    }
}
