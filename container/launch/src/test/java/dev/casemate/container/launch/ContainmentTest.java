package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.trial.SimulatedWorld;
import dev.casemate.container.launch.trial.Trial;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Puts the probe in the agent's place, in a world of its own: with every control, without each,
/// and with each alone. What has to be seen is in `attempts.txt`.
final class ContainmentTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "defence-in-depth.md");

    @TempDir private static Path directory;

    private static Path image;
    private static Path unsealed;

    @BeforeAll
    static void build() {
        Machine.assumeItCanLaunch();
        image = TestImages.lineReader();
        unsealed = TestImages.unsealed();
    }

    @AfterAll
    static void remove() {
        if (image != null && unsealed != null) {
            TestImages.remove(image, unsealed);
        }
    }

    @Test
    void eachControlHoldsWhatThePageSays() throws Exception {
        assertThat(trial("page")).isEqualTo(Files.readString(PAGE));
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    /// What a trial says, in a world that is gone afterwards; one that found something says so on
    /// standard error, and says nothing.
    private static String trial(String form) throws Exception {
        var manifest = directory.resolve("manifest.json");
        Files.write(manifest, CanonicalJson.bytes(Examples.agent().toJson()));
        var files = Files.createDirectories(directory.resolve("program"));
        var arguments =
                List.of(
                        image.toString(),
                        unsealed.toString(),
                        manifest.toString(),
                        files.toString(),
                        form);
        try (var world = SimulatedWorld.open()) {
            return output(world.java(Trial.class.getName(), arguments));
        }
    }

    private static String output(List<String> command) throws IOException {
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
