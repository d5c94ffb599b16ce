package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.container.evidence.BuildFacts;
import dev.casemate.container.evidence.EvidenceException;
import dev.casemate.container.evidence.ImageEvidence;
import dev.casemate.container.evidence.Signer;
import dev.casemate.container.evidence.Verifier;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's image with its evidence, from key to verification.
final class EvidenceCommandsTest {

    private static final Path APPLICATION = Path.of("../examples/market-analyst/target/app");

    // Kept between runs: linking a runtime takes longer than everything else here.
    private static final Path WORK = Path.of("target", "held-tricks").toAbsolutePath();

    private static final int FLIPS = 60;

    @TempDir private Path directory;

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private Path image() {
        var agent = AgentApplication.read(APPLICATION);
        var manifest = agent.manifest();
        var image = directory.resolve("image.tar");
        AgentImage.build(
                new ImageRequest(
                        "localhost/" + manifest.name() + ":" + manifest.version(),
                        agent.jars(),
                        agent.mainClass(),
                        manifest,
                        "0123abc"),
                image,
                WORK,
                line -> {});
        var report = Analyzer.analyze(Subject.of(agent)).toJson().text();
        ImageEvidence.attach(
                image,
                new BuildFacts(
                        "example", "0123abc", List.of(), Instant.EPOCH, Instant.EPOCH, Map.of()),
                report.getBytes(StandardCharsets.UTF_8),
                Signer.keyFile(directory.resolve("k.pem"), Optional.empty()),
                image);
        return image;
    }

    @Test
    void theExampleIsVerifiedAndEachFlippedByteOfItIsRefused() throws IOException {
        assertThat(Main.run("key", "create", file("k.pem"), file("k.pub"))).isZero();
        assertThat(Main.run("key", "create", file("o.pem"), file("o.pub"))).isZero();
        assertThat(Main.run("key", "show", file("k.pub"))).isZero();
        var image = image();
        assertThat(Main.run("verify", image.toString(), "--key", file("k.pub"))).isZero();
        assertThat(Main.run("verify", "--json", image.toString(), "--key", file("k.pub"))).isZero();
        assertThat(Main.run("verify", image.toString(), "--key", file("o.pub")))
                .isEqualTo(Main.FINDING);
        assertThat(Main.run("verify", image.toString())).isEqualTo(2);
        var random = new Random(29);
        var keys = List.of(directory.resolve("k.pub"));
        try (var bytes = new RandomAccessFile(image.toFile(), "rw")) {
            for (int flip = 0; flip < FLIPS; flip++) {
                long place = random.nextLong(bytes.length());
                bytes.seek(place);
                int before = bytes.read();
                bytes.seek(place);
                bytes.write(before ^ (1 << random.nextInt(8)));
                assertThatExceptionOfType(EvidenceException.class)
                        .as("bit flipped at " + place)
                        .isThrownBy(() -> Verifier.verify(image, keys));
                bytes.seek(place);
                bytes.write(before);
            }
        }
        assertThat(Verifier.verify(image, keys).checks()).hasSize(7);
    }

    @Test
    void thePolicyIsPrinted() {
        assertThat(Main.run("key", "policy", "host.example/agents/a", "localhost/a", "/etc/k.pub"))
                .isZero();
        assertThat(Main.run("push", "none.tar", "host.example/a", "--key", "k", "--gpg", "A"))
                .isEqualTo(2);
    }
}
