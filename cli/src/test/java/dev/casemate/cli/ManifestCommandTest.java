package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.testkit.Judge;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestCommandTest {

    private static final AgentManifest MANIFEST = Judge.manifest("gpt-4o-mini");

    @TempDir private Path directory;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    @BeforeEach
    void listen() {
        var stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    @AfterEach
    void restore() {
        System.setOut(out);
        System.setErr(err);
    }

    private int run(String document) throws Exception {
        return Main.run(
                "manifest",
                Files.writeString(directory.resolve("manifest.json"), document).toString());
    }

    @Test
    void a_manifest_has_its_digest_however_it_is_written() throws Exception {
        var written = CanonicalJson.text(MANIFEST.toJson()).replace(",\"", ",\n  \"");
        assertThat(run(written)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("manifest " + MANIFEST.digest() + "\n");
    }

    @Test
    void what_is_wrong_is_named_by_its_place_and_not_repeated() throws Exception {
        var wrong = CanonicalJson.text(MANIFEST.toJson()).replace("\"steps\":", "\"stepz\":");
        assertThat(run(wrong)).isEqualTo(Main.FINDING);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("/limits")
                .doesNotContain("sha256:");
    }

    @Test
    void a_file_that_goes_on_for_ever_is_refused() throws Exception {
        assertThat(run(" ".repeat(AgentManifest.MAX_BYTES + 1))).isEqualTo(Main.FINDING);
    }
}
