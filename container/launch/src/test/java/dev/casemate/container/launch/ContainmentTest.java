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

    private static final int ATTEMPTS_A_MACHINE_MAY_HOLD = 15;

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
        var remarks = directory.resolve("remarks.txt");
        var page = page(remarks);
        var said = Files.readAllLines(remarks);
        said.forEach(System.err::println);
        assertThat(said).noneMatch(line -> line.startsWith("not as expected"));
        assertThat(page).isEqualTo(Files.readString(PAGE));
        // A stricter kernel may hold a few more; where it were many, the page would prove nothing.
        assertThat(
                        said.stream()
                                .filter(line -> line.startsWith("held by this machine itself"))
                                .map(line ->
                                        line.substring(line.indexOf(": "), line.lastIndexOf(", ")))
                                .distinct())
                .hasSizeLessThan(ATTEMPTS_A_MACHINE_MAY_HOLD);
        assertThat(LaunchedChild.traces()).isEmpty();
    }

    /// What a trial says, in a world that is gone afterwards; one that found something tells it
    /// among its remarks, and says nothing.
    private static String page(Path remarks) throws Exception {
        var manifest = directory.resolve("manifest.json");
        Files.write(manifest, CanonicalJson.bytes(Examples.agent().toJson()));
        var files = Files.createDirectories(directory.resolve("program"));
        var arguments =
                List.of(
                        image.toString(),
                        unsealed.toString(),
                        manifest.toString(),
                        files.toString(),
                        "page");
        try (var world = SimulatedWorld.open()) {
            return output(world.java(Trial.class.getName(), arguments), remarks);
        }
    }

    private static String output(List<String> command, Path errors) throws IOException {
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
