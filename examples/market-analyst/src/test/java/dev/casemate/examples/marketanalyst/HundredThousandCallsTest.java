package dev.casemate.examples.marketanalyst;

import static dev.casemate.agent.testkit.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.agent.testkit.HostileModel;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model that was taken over, for long: the agent as it is compiled, its real database and its
/// real price service.
///
/// A run ends at the manifest's twenty calls, so it takes five thousand runs. None goes beyond the
/// limit: what is counted here is what a control refuses, and not what comes too late.
class HundredThousandCallsTest {

    private static final int CALLS = 100_000;
    private static final int CALLS_PER_RUN = 20;

    /// One call in so many holds its schema and means harm.
    private static final int EVERY_MALICIOUS = 50;

    /// Prompts of a run; each makes as many calls as fit.
    private static final int[] SHAPES = {1, 2, 4, 10};

    @TempDir private static Path directory;
    private static Rehearsal rehearsal;

    private final Map<Refusal, Integer> refusals = new EnumMap<>(Refusal.class);
    private final Set<String> different = new HashSet<>();
    private int sent;
    private int reached;

    @BeforeAll
    static void start() throws IOException, SQLException, GeneralSecurityException {
        rehearsal = new Rehearsal(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        rehearsal.close();
    }

    @Test
    void ofAHundredThousandHostileCallsNoneThatMustNotRunRunsAndEachIsAnswered()
            throws SQLException {
        var tools = MarketAnalystToolSet.of(new MarketAnalyst(rehearsal.deployment()));
        for (int prompts : SHAPES) {
            var model =
                    new HostileModel(20261030L + prompts, prompts, CALLS_PER_RUN / prompts)
                            .withMaliciousValues(EVERY_MALICIOUS);
            for (int i = 0; i < CALLS / CALLS_PER_RUN / SHAPES.length; i++) {
                check(run(tools, model));
            }
        }
        assertThat(sent).isEqualTo(CALLS);
        assertThat(reached).isEqualTo(CALLS / EVERY_MALICIOUS);
        assertThat(refusals.getOrDefault(Refusal.LIMIT_REACHED, 0)).isZero();
        assertThat(refusals.get(Refusal.UNKNOWN_TOOL)).isGreaterThan(CALLS / 10);
        assertThat(refusals.get(Refusal.INVALID_ARGUMENTS)).isGreaterThan(CALLS / 3);
        assertThat(different.size()).isGreaterThan(CALLS * 8 / 10);
        assertThat(rehearsal.one("SELECT count(*) FROM client_positions")).isEqualTo("2");
        assertThat(rehearsal.one("SELECT count(*) FROM daily_prices")).isEqualTo("540");
        System.out.printf(
                "%,d calls, %,d of them different, %,d read off the schemas and names; refused: %s;"
                        + " held their schema: %,d%n",
                sent,
                different.size(),
                HostileModel.counted(tools.manifest().tools()),
                refusals,
                reached);
    }

    private static RunReport run(ToolSet tools, HostileModel model) {
        var deployment = rehearsal.deployment();
        return new AgentLoop(
                        tools,
                        model,
                        deployment.model(),
                        deployment.correlation(),
                        InstantSource.system(),
                        new Random(3),
                        Approver.NOBODY,
                        _ -> {})
                .run("What's the current price of copper?");
    }

    private void check(RunReport report) {
        assertThatRun(report)
                .noCallOutsideManifest()
                .everyCallAnswered()
                .noToolResultContains("Aurubia")
                .noToolResultContains("Northgate")
                .noToolResultContains("root:")
                .endedWith(new RunEnd.Answered("I give up."));
        assertThat(report.calls()).hasSize(CALLS_PER_RUN);
        for (var call : report.calls()) {
            sent++;
            different.add(call.tool() + "\0" + call.call().arguments());
            int number = Integer.parseInt(call.call().id().substring("hostile-".length()));
            if (number % EVERY_MALICIOUS == 0) {
                reached++;
            } else {
                assertThat(call.outcome())
                        .as("%s %s", call.tool(), call.call().arguments())
                        .isInstanceOfSatisfying(
                                ToolOutcome.Refused.class,
                                refused ->
                                        assertThat(refused.reason())
                                                .isIn(
                                                        Refusal.UNKNOWN_TOOL,
                                                        Refusal.INVALID_ARGUMENTS));
            }
            if (call.outcome() instanceof ToolOutcome.Refused(var reason, _)) {
                refusals.merge(reason, 1, Integer::sum);
            }
        }
    }
}
