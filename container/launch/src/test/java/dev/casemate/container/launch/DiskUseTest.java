package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskUseTest {

    private static final long RATE = 1_000_000;

    private final DiskUse use = new DiskUse();
    @TempDir private Path group;

    @Test
    void whoTakesNearlyAllOfItHasUsedItUp() {
        for (int second = 0; second <= 10; second++) {
            look(second, second * RATE * 9 / 10);
        }
        assertThat(use.usedUp()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void whoTakesTwoThirdsAllTheTimeHasNot() {
        for (int second = 0; second <= 10; second++) {
            look(second, second * RATE * 2 / 3);
        }
        assertThat(use.isBounded()).isTrue();
        assertThat(use.usedUp()).isZero();
    }

    @Test
    void whatWasAskedForAtOnceTakesItsTimeAllTheSame() {
        look(0, 4 * RATE);
        for (int second = 1; second <= 10; second++) {
            look(second, 4 * RATE);
        }
        assertThat(use.usedUp()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void manyLooksAreOneWindow() {
        for (int tenth = 0; tenth <= 20; tenth++) {
            use.look(List.of(flow(tenth == 0 ? 0 : RATE)), tenth * 100_000_000L);
        }
        assertThat(use.usedUp()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void directionsAreNotAddedUp() {
        for (int second = 0; second <= 10; second++) {
            long bytes = second * RATE / 2;
            use.look(
                    List.of(flow(bytes), new DiskFlow("8:0 Write", RATE, bytes)),
                    second * 1_000_000_000L);
        }
        assertThat(use.usedUp()).isZero();
    }

    @Test
    void whereNothingIsBoundedNothingIsUsedUp() {
        use.look(List.of(), 0);
        use.look(List.of(), 1_000_000_000L);
        assertThat(use.isBounded()).isFalse();
    }

    @Test
    void theGrantsAndCountsOfVersionOneAreRead() throws IOException {
        write("blkio.throttle.read_bps_device", "8:0 1000\n8:16 2000\n");
        write("blkio.throttle.write_bps_device", "");
        write(
                "blkio.throttle.io_service_bytes",
                "8:0 Read 10\n8:0 Write 3\n8:0 Total 13\n253:0 Read 99\nTotal 112\n");
        assertThat(DiskFlow.of(List.of(group)))
                .containsExactlyInAnyOrder(
                        new DiskFlow("8:0 Read", 1000, 10), new DiskFlow("8:16 Read", 2000, 0));
    }

    @Test
    void theGrantsAndCountsOfVersionTwoAreRead() throws IOException {
        write("io.max", "8:0 rbps=1000 wbps=max riops=max wiops=max\n8:16 rbps=max wbps=5\n");
        write("io.stat", "8:0 rbytes=10 wbytes=3 rios=1 wios=1\n8:16 rbytes=7 wbytes=6 rios=1\n");
        assertThat(DiskFlow.of(List.of(group)))
                .containsExactlyInAnyOrder(
                        new DiskFlow("8:0 Read", 1000, 10), new DiskFlow("8:16 Write", 5, 6));
    }

    @Test
    void whatCannotBeReadIsNoFlow() throws IOException {
        assertThat(DiskFlow.of(List.of(group))).isEmpty();
        write("io.max", "8:0 rbps=much\n");
        write("io.stat", "8:0 rbytes=10\n");
        assertThat(DiskFlow.of(List.of(group))).isEmpty();
    }

    private void look(int second, long bytes) {
        use.look(List.of(flow(bytes)), second * 1_000_000_000L);
    }

    private static DiskFlow flow(long bytes) {
        return new DiskFlow("8:0 Read", RATE, bytes);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(group.resolve(file), text);
    }
}
