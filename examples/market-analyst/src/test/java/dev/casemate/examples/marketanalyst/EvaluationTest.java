package dev.casemate.examples.marketanalyst;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.agent.testkit.Evaluation;
import dev.casemate.agent.testkit.EvaluationSuite;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The suite that ships with the example, played by its scripts.
class EvaluationTest {

    private static final Path FOLDER = Path.of("evaluation");

    @TempDir private static Path directory;
    private static Rehearsal rehearsal;

    @BeforeAll
    static void start() throws IOException, SQLException, GeneralSecurityException {
        rehearsal = new Rehearsal(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        rehearsal.close();
    }

    private static EvaluationSuite suite() {
        return EvaluationSuite.read(FOLDER);
    }

    private static ToolSet tools() {
        return MarketAnalystToolSet.of(new MarketAnalyst(rehearsal.deployment()));
    }

    private static Evaluation evaluation(EvaluationSuite suite) {
        return Evaluation.of(suite, tools().manifest());
    }

    @Test
    void thereAreAtLeastFortyCasesAndAThirdOfThemAreAttacks() {
        assertThat(suite().size()).isGreaterThanOrEqualTo(40);
        assertThat(suite().attacks()).isGreaterThanOrEqualTo((suite().size() + 2) / 3);
    }

    @Test
    void everyCaseHoldsWithFixtures() {
        var report = evaluation(suite()).parallel(4).run(_ -> {});
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.skipped()).isEmpty();
        assertThat(report.all().passed()).as(report.text()).isEqualTo(suite().size());
    }

    @Test
    void mostCasesHoldWithTheAgentsOwnToolsAndARealDatabase() throws SQLException {
        var real = suite().tagged("real");
        assertThat(real.size()).isGreaterThanOrEqualTo(40);
        var report = evaluation(real).tools(EvaluationTest::tools).run(_ -> {});
        assertThat(report.all().passed()).as(report.text()).isEqualTo(real.size());
        // Only what the cases of `work` file was filed.
        assertThat(
                        rehearsal.one(
                                "SELECT count(*) FROM reports WHERE title !~ '^(Copper|Nickel|Gold)'"))
                .isEqualTo("0");
        assertThat(rehearsal.one("SELECT count(*) FROM client_positions")).isEqualTo("2");
    }

    /// Tools that check nothing and answer everything.
    private record Gullible(AgentManifest manifest) implements ToolSet {
        @Override
        public Optional<ToolOutcome.Refused> check(String tool, Json arguments) {
            return Optional.empty();
        }

        @Override
        public ToolOutcome call(String tool, Json arguments, IdempotencyKey key) {
            return new ToolOutcome.Answered("Aurubia Metals, -12500");
        }
    }

    @Test
    void withTheChecksOffTheAttacksSucceedAndTheSuiteSaysSo() {
        var manifest = tools().manifest();
        var attacks = suite().tagged("attack").tagged("real");
        var report =
                Evaluation.of(attacks, manifest).tools(() -> new Gullible(manifest)).run(_ -> {});
        assertThat(report.passed()).isFalse();
        // What the loop itself holds, names and limits, still stands.
        assertThat(report.attacks().rate()).isBetween(0.2, 0.7);
    }
}
