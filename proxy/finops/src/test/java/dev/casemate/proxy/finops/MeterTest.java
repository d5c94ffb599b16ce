package dev.casemate.proxy.finops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class MeterTest {

    private static final Usage USAGE = new Usage(10, 4, 5);

    private static Attribution workflow(String name) {
        return new Attribution("a", "t", name, "m");
    }

    @Test
    void tokensAndCostAddUpByAttribution() {
        var meter = new Meter();
        meter.record(workflow("w1"), USAGE, new Cost(3));
        meter.record(workflow("w1"), USAGE, new Cost(4));
        meter.record(workflow("w2"), USAGE, new Cost(9));
        assertThat(meter.rows())
                .containsExactly(
                        new Meter.Row(workflow("w2"), 1, USAGE, new Cost(9)),
                        new Meter.Row(workflow("w1"), 2, new Usage(20, 8, 10), new Cost(7)));
    }

    @Test
    void attributionsBeyondTheBoundAreSummedUpInOneRow() {
        var meter = new Meter();
        int all = Meter.MAX_ROWS + 50;
        for (int i = 0; i < all; i++) {
            meter.record(workflow("w" + i), USAGE, new Cost(1));
        }
        meter.record(workflow("w1"), USAGE, new Cost(1));
        var rows = meter.rows();
        assertThat(rows).hasSize(Meter.MAX_ROWS + 1);
        assertThat(rows.getFirst())
                .isEqualTo(new Meter.Row(Meter.OTHER, 50, new Usage(500, 200, 250), new Cost(50)));
        assertThat(rows.stream().mapToLong(row -> row.cost().nanoUsd()).sum()).isEqualTo(all + 1);
    }

    @Test
    void nothingIsLostBetweenThreads() throws Exception {
        var meter = new Meter();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 32; t++) {
                threads.execute(() -> {
                    for (int i = 0; i < 500; i++) {
                        meter.record(workflow("w"), USAGE, new Cost(1));
                    }
                });
            }
        }
        assertThat(meter.rows().getFirst().exchanges()).isEqualTo(16_000);
    }
}
