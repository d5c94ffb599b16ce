package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at a moment drawn by lot, several times on the same ledger.
@Timeout(300)
final class CrashTest {

    private static final int ROUNDS = 5;

    @TempDir private Path temporary;

    @Test
    void everyAcknowledgedRecordOutlivesAKilledProcess() throws Exception {
        var directory = temporary.resolve("ledger");
        var random = new Random(20_261_123);
        var acknowledged = new HashSet<String>();
        for (int round = 0; round < ROUNDS; round++) {
            int lines = 1 + random.nextInt(4_000);
            acknowledged.addAll(killedAfter(lines, directory, "round" + round));
            try (var ledger = Ledger.open(directory, Sample.settings(directory))) {
                var found = new HashSet<>(Sample.exchanges(directory));
                assertThat(acknowledged).as("round %d", round).isSubsetOf(found);
                var verification = LedgerVerifier.verify(directory, ledger.verifier());
                assertThat(verification.defect()).as("round %d", round).isEmpty();
                assertThat(verification.records()).isEqualTo(found.size());
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 100);
    }

    private static Set<String> killedAfter(int lines, Path directory, String round)
            throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                classPath(),
                                CrashingWriter.class.getName(),
                                directory.toString(),
                                round)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var acknowledged = new HashSet<String>();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < lines; i++) {
                acknowledged.add(line(output));
            }
            process.toHandle().destroyForcibly(); // Process.destroyForcibly closes its output
            // What it had printed before it died counts, too; a last line without its end does not.
            var rest = output.readAllAsString();
            var whole = rest.substring(0, rest.lastIndexOf('\n') + 1);
            whole.lines().forEach(acknowledged::add);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        return acknowledged;
    }

    private static String line(BufferedReader output) throws IOException {
        var line = output.readLine();
        if (line == null) {
            throw new IOException("the writer ended before it was killed");
        }
        return line;
    }

    private static String classPath() {
        return Stream.of(Ledger.class, CrashingWriter.class, Json.class)
                .map(CrashTest::source)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String source(Class<?> type) {
        try {
            var source = type.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(source.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
