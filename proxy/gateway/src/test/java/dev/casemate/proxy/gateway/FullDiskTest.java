package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger on a disk without room: no prompt leaves, and no answer.
final class FullDiskTest {

    @TempDir Path directory;
    private Path disk;
    private House house;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0,
                "skipped: a small disk to fill needs root and mount");
        house = new House(directory);
        house.ledger = disk.resolve("ledger");
        house.start();
    }

    @AfterEach
    void unmount() throws Exception {
        Files.deleteIfExists(disk.resolve("filler"));
        if (house != null) {
            house.close();
        }
        run("umount", "-l", disk.toString());
    }

    private static int run(String... command) throws Exception {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }

    private void fill() {
        try (var out = Files.newOutputStream(disk.resolve("filler"))) {
            while (true) {
                out.write(new byte[512]);
                out.flush();
            }
        } catch (IOException e) {
            // No space left: that is what was wanted.
            return;
        }
    }

    // The last page of the ledger's file still takes a few small records.
    private void fillTheLastPage() throws Exception {
        fill();
        for (int i = 0; i < 100 && house.admin("/health").statusCode() == 200; i++) {
            house.chat(House.prompt("no-such-model", "hello", ""));
        }
        assertThat(house.admin("/health").statusCode()).isEqualTo(503);
    }

    @Test
    void noPromptLeavesAndItHealsWhenThereIsRoom() throws Exception {
        fillTheLastPage();
        var response = house.chat(House.prompt("hello"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"code\":\"ledger_unavailable\"");
        assertThat(response.headers().firstValue("x-should-retry")).contains("false");
        assertThat(house.upstream.seen()).isEmpty();
        assertThat(house.metrics())
                .contains("casemate_refusals_total{code=\"ledger_unavailable\"} 1.0");
        assertThat(house.gateway().budgets().status())
                .allSatisfy(status -> assertThat(status.reserved().nanoUsd()).isZero());

        Files.delete(disk.resolve("filler"));
        assertThat(house.chat(House.prompt("hello")).statusCode()).isEqualTo(200);
        assertThat(house.admin("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void noAnswerLeavesEither() throws Exception {
        house.upstream.play((_, response) -> {
            fill();
            FakeUpstream.json(response, 200, FakeUpstream.answer("y".repeat(100_000)));
        });
        var response = house.chat(House.prompt("hello"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("ledger_unavailable").doesNotContain("yyy");

        // Once there is room, the next start closes the exchange and counts it in full.
        Files.delete(disk.resolve("filler"));
        house.stop();
        house.start();
        var answer = house.records().getLast().body();
        assertThat(answer.text("code")).contains(Recovery.LOST);
        assertThat(answer.get("estimated")).contains(Json.of(true));
    }

    @Test
    void aStreamEndsInAnErrorAndNotInItsEnd() throws Exception {
        house.upstream.play((_, response) -> {
            fill();
            FakeUpstream.stream(
                    response,
                    FakeUpstream.text("y".repeat(100_000))
                            + FakeUpstream.delta("{}", "\"stop\"")
                            + FakeUpstream.done(),
                    4_096);
        });
        var response = house.chat(House.prompt(House.MODEL, "hello", ",\"stream\":true"));
        assertThat(response.body()).contains("ledger_unavailable").doesNotContain("[DONE]");
    }
}
