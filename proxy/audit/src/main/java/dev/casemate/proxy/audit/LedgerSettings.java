package dev.casemate.proxy.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// How one ledger is kept, with each of its limits.
///
/// @param origin the log's name in checkpoints, such as `casemate.example/proxy-1`: no space, no
///   plus
/// @param signingKey PKCS#8 PEM file with an Ed25519 key; made on first start, readable by its
///   owner only; the public key is kept beside it with `.vkey` appended
/// @param segmentBytes a segment file that has grown past this is sealed and the next one begun
/// @param recordBytes the longest record, at most [#MAX_RECORD_BYTES]
/// @param queueEntries appends that may wait for the writer
/// @param queueBytes bytes of records that may wait for the writer
/// @param groupEntries records that one fdatasync may cover
/// @param checkpointInterval how long a durable record may wait for a signed checkpoint
public record LedgerSettings(
        String origin,
        Path signingKey,
        long segmentBytes,
        int recordBytes,
        int queueEntries,
        long queueBytes,
        int groupEntries,
        Duration checkpointInterval) {

    /// No record is longer, whatever the settings: readers refuse it.
    public static final int MAX_RECORD_BYTES = 16 << 20;

    // C2SP signed-note: a key name holds neither spaces nor plus signs.
    private static final Pattern ORIGIN = Pattern.compile("[!-*,-~]{1,200}");

    public LedgerSettings {
        require(ORIGIN.matcher(origin).matches(), "an origin of 1 to 200 visible ASCII, no plus");
        require(segmentBytes > 0, "segmentBytes above 0");
        require(
                recordBytes > 0 && recordBytes <= MAX_RECORD_BYTES,
                "recordBytes from 1 to " + MAX_RECORD_BYTES);
        require(queueEntries > 0, "queueEntries above 0");
        require(queueBytes >= recordBytes, "queueBytes of at least one record");
        require(groupEntries > 0, "groupEntries above 0");
        require(checkpointInterval.isPositive(), "a checkpointInterval above 0");
    }

    /// The settings that ship: 256 MiB segments, 16 MiB records, 16,384 waiting appends in 64 MiB,
    /// groups of 1,024, a checkpoint each second.
    public static LedgerSettings of(String origin, Path signingKey) {
        return new LedgerSettings(
                origin,
                signingKey,
                256L << 20,
                MAX_RECORD_BYTES,
                16_384,
                64L << 20,
                1_024,
                Duration.ofSeconds(1));
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("ledger settings: expected " + expected);
        }
    }
}
