package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A file system that is really full: a tmpfs of one megabyte.
@Timeout(60)
final class DiskFullTest {

    @TempDir private Path temporary;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted =
                run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=1m,mode=700",
                        "ledger-test",
                        temporary.toString());
        Assumptions.assumeTrue(
                mounted, "SKIPPED: mounting a tmpfs needs root; the full disk was not tested");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", temporary.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }

    @Test
    void aFullDiskRefusesEveryAppendAndFreedSpaceTakesThemAgainWithNothingTorn() throws Exception {
        var ballast = temporary.resolve("ballast");
        Files.write(ballast, new byte[400_000]);
        var directory = temporary.resolve("ledger");
        var settings = Sample.settings(directory, 100_000, Duration.ofHours(1));
        var acknowledged = new ArrayList<String>();
        try (var ledger = Ledger.open(directory, settings)) {
            while (ledger.status().failure().isEmpty() && acknowledged.size() < 1_000) {
                try {
                    ledger.append(Sample.entry("e" + acknowledged.size(), "run", 7_000)).join();
                    acknowledged.add("e" + acknowledged.size());
                } catch (CompletionException e) {
                    assertThat(Sample.code(e)).isEqualTo(Code.DISK_FULL);
                }
            }
            for (int i = 0; i < 5; i++) {
                assertFull(ledger);
            }
            assertThat(ledger.status().failure()).contains(Code.DISK_FULL);
            assertThat(Sample.exchanges(directory)).isEqualTo(acknowledged);

            Files.delete(ballast);
            for (int i = 0; i < 20; i++) {
                ledger.append(Sample.entry("after" + i, "run", 7_000)).join();
                acknowledged.add("after" + i);
            }
            assertThat(ledger.status().failure()).isEmpty();
        }
        assertThat(Sample.exchanges(directory)).isEqualTo(acknowledged);
        try (var ledger = Ledger.open(directory, settings)) {
            assertThat(ledger.status().tornBytes()).isZero();
            assertThat(LedgerVerifier.verify(directory, ledger.verifier()).defect()).isEmpty();
        }
    }

    private static void assertFull(Ledger ledger) {
        assertThatThrownBy(() -> ledger.append(Sample.entry("refused", "run", 7_000)).join())
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        e -> assertThat(Sample.code(e)).isEqualTo(Code.DISK_FULL));
    }
}
