package dev.casemate.container.launch;

import java.util.Locale;

/// Something that is counted of a container while it runs.
public enum Meter {
    /// The most memory that it had at once.
    MEMORY_PEAK_BYTES,
    /// How often it wanted more memory than it may have.
    MEMORY_LIMIT_HITS,
    /// Processes that the kernel ended for want of memory.
    MEMORY_KILLS,
    /// The most processes and threads that it had at once.
    PROCESSES_PEAK,
    /// Processes and threads that the kernel refused it.
    PROCESSES_REFUSED,
    /// Processor time.
    PROCESSOR_MICROS,
    /// Periods of a tenth of a second in which it wanted the processor.
    PROCESSOR_PERIODS,
    /// Those of them in which it was held back, because it had used up its share.
    PROCESSOR_PERIODS_THROTTLED,
    /// Bytes that it read from block devices; on control groups version 1, that it asked them for,
    /// what a limit still holds back among it.
    READ_BYTES,
    /// Bytes that it wrote to block devices, or wanted to.
    WRITTEN_BYTES,
    /// Time in which it had used up what it is granted of a disk's bandwidth.
    DISK_USED_UP_MILLIS,
    /// What lay in its `/tmp` when it was last looked at.
    TEMPORARY_BYTES,
    /// What was free in its `/tmp` then.
    TEMPORARY_FREE_BYTES;

    /// The spelling in records: `memoryPeakBytes`.
    public String word() {
        var words = name().split("_", -1);
        var spelling = new StringBuilder();
        for (var word : words) {
            spelling.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return Character.toLowerCase(spelling.charAt(0)) + spelling.substring(1);
    }
}
