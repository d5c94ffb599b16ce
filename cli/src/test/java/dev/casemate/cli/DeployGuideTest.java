package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Walks through docs/deploy.md in a copy of this tree: build, verify, probe, run, render.
class DeployGuideTest {

    private static final Duration LIMIT = Duration.ofMinutes(15);

    @TempDir private Path directory;

    @Test
    void the_example_goes_from_its_sources_to_a_contained_run() throws Exception {
        assumeTrue(ContainerMachine.onPath("mvn"), "the guide needs mvn");
        assumeTrue(
                Files.exists(GuideWalk.ROOT.resolve(".git")) && ContainerMachine.onPath("git"),
                "the walk copies what git knows of this tree");
        var clone = Files.createDirectory(directory.resolve("clone"));
        GuideWalk.run(
                """
                set -euo pipefail
                git -C '%s' ls-files -z --cached --others --exclude-standard > ../files
                tar -C '%1$s' --null --ignore-failed-read -T ../files -cf ../tree.tar
                tar -xf ../tree.tar
                """
                        .formatted(GuideWalk.ROOT),
                clone,
                LIMIT);
        GuideWalk.casemate(clone.resolve("casemate"));
        var guide = Guide.of(GuideWalk.page("deploy.md"));

        var printed =
                GuideWalk.run(
                        GuideWalk.script(guide, ContainerMachine.runsContainers()), clone, LIMIT);

        assertThat(printed)
                .contains(
                        "gate tests: passed, ",
                        "gate evaluation: passed, ",
                        "gate analyzer: passed, ",
                        "the same, bit for bit",
                        "verified      localhost/market-analyst:1.0.0",
                        "not verified: DIGEST_MISMATCH");
        assertThat(clone.resolve("deploy/k8s-task")).isDirectoryContaining("glob:**.yaml");
        ContainerMachine.require();
        assertThat(printed)
                .contains(
                        "attempts: 0 came about, ",
                        "Copper rose last week.",
                        "container started",
                        "container ended");
    }
}
