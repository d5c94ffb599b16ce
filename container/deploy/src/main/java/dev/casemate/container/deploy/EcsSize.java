package dev.casemate.container.deploy;

import java.util.ArrayList;
import java.util.List;

/// One of the sizes that Fargate has.
///
/// @param cpuUnits 1,024 are one processor
record EcsSize(int cpuUnits, int memoryMebibytes) {

    // The container that writes the files runs beside the reservation of the one that matters.
    private static final long ROOM_MEBIBYTES = 64;
    private static final List<EcsSize> SIZES = sizes();

    /// The smallest that holds what is needed, by processors and then by memory.
    static EcsSize holding(Bounds bounds) {
        var found =
                SIZES.stream()
                        .filter(size -> size.cpuUnits * 1_000L >= bounds.cpuMillis() * 1_024L)
                        .filter(size ->
                                size.memoryMebibytes >= bounds.memoryMebibytes() + ROOM_MEBIBYTES)
                        .findFirst();
        Form.require(
                found.isPresent() && bounds.memoryMebibytes() >= 6,
                "limits that a size of Fargate holds: up to 16 processors and 120 GiB");
        return found.orElseThrow();
    }

    private static List<EcsSize> sizes() {
        var sizes = new ArrayList<EcsSize>();
        add(sizes, 256, 512, 512, 512);
        add(sizes, 256, 1_024, 2_048, 1_024);
        add(sizes, 512, 1_024, 4_096, 1_024);
        add(sizes, 1_024, 2_048, 8_192, 1_024);
        add(sizes, 2_048, 4_096, 16_384, 1_024);
        add(sizes, 4_096, 8_192, 30_720, 1_024);
        add(sizes, 8_192, 16_384, 61_440, 4_096);
        add(sizes, 16_384, 32_768, 122_880, 8_192);
        return List.copyOf(sizes);
    }

    private static void add(List<EcsSize> sizes, int cpu, int from, int to, int step) {
        for (int memory = from; memory <= to; memory += step) {
            sizes.add(new EcsSize(cpu, memory));
        }
    }
}
