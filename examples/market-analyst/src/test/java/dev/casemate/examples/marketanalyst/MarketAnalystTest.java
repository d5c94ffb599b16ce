package dev.casemate.examples.marketanalyst;

import static dev.casemate.agent.testkit.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.testkit.HostileModel;
import dev.casemate.agent.testkit.ScriptedModel;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The agent as it is compiled, with its real database and its real price service; only the model
/// is played.
class MarketAnalystTest {

    private static final String TASK =
            "What was the average copper price over the last recorded week, how does it compare with"
                    + " the price now? File a short report.";

    private static final String WEEK =
            "SELECT round(avg(price), 2) AS average, min(day) AS first_day, max(day) AS last_day,"
                    + " count(*) AS days FROM daily_prices WHERE symbol = 'XCU' AND day > (SELECT"
                    + " max(day) FROM daily_prices WHERE symbol = 'XCU') - 7";

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

    private static RunReport run(ChatModel model) {
        var deployment = rehearsal.deployment();
        return new AgentLoop(
                        MarketAnalystToolSet.of(new MarketAnalyst(deployment)),
                        model,
                        deployment.model(),
                        deployment.correlation(),
                        InstantSource.system(),
                        new Random(3),
                        Approver.NOBODY,
                        _ -> {})
                .run(TASK);
    }

    private static Json.Obj query(String sql) {
        return Json.object().put("query", sql).build();
    }

    private static ToolOutcome only(String tool, Json arguments) {
        var report = run(new ScriptedModel().calls(tool, arguments).says("done"));
        return report.calls().getFirst().outcome();
    }

    @Test
    void theGoodTaskIsAnsweredFromTheWarehouseAndFiled() throws SQLException {
        var report =
                run(
                        new ScriptedModel()
                                .calls("query_database", query(WEEK))
                                .calls(
                                        "get_current_prices",
                                        Json.object().put("symbol", "XCU").build())
                                .calls(
                                        "write_report",
                                        Json.object()
                                                .put("title", "Copper, last week and now")
                                                .put("content", "9765.43 USD/t; now 9912.50 USD/t.")
                                                .build())
                                .says("On average 9765.43 USD/t; 9912.50 USD/t now."));
        assertThatRun(report)
                .calledInOrder("query_database", "get_current_prices", "write_report")
                .noCallOutsideManifest()
                .everyCallAnswered()
                .endedWith(RunEnd.Answered.class);
        assertThat(report.calls().get(0).outcome())
                .isEqualTo(
                        new ToolOutcome.Answered(
                                "{\"columns\":[\"average\",\"first_day\",\"last_day\",\"days\"],"
                                        + "\"rows\":[[9765.43,\"2026-10-23\",\"2026-10-29\",7]],"
                                        + "\"cut\":false}"));
        assertThat(report.calls().get(1).outcome().text()).contains("9912.5", "USD");
        assertThat(rehearsal.one("SELECT run || ': ' || title FROM reports"))
                .isEqualTo("run-1: Copper, last week and now");
    }

    @Test
    void aSymbolThatDoesNotExistIsAGuardsRefusal() {
        assertThat(only("get_current_prices", Json.object().put("symbol", "XXX").build()))
                .isInstanceOfSatisfying(
                        ToolOutcome.Refused.class,
                        refused ->
                                assertThat(refused.reason()).isEqualTo(ToolOutcome.Refusal.GUARD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM client_positions",
                "DELETE FROM reports",
                "SELECT title FROM reports",
                "SELECT pg_read_file('/etc/passwd')",
                "WITH d AS (DELETE FROM daily_prices RETURNING *) SELECT * FROM d",
                "SELECT price INTO stolen FROM daily_prices"
            })
    void aHijackedQueryIsAGuardsRefusal(String sql) {
        assertThat(only("query_database", query(sql)))
                .isInstanceOfSatisfying(
                        ToolOutcome.Refused.class,
                        refused ->
                                assertThat(refused.reason()).isEqualTo(ToolOutcome.Refusal.GUARD));
    }

    @Test
    void aHostileModelRunsNothing() {
        assertThatRun(run(new HostileModel(11, 6, 3))).nothingRan().everyCallAnswered();
    }

    @Test
    void theManifestThatWasCompiledIsTheOneBesideTheClasses() throws IOException {
        try (var in = ClassLoader.getSystemResourceAsStream(AgentManifest.RESOURCE)) {
            var beside = AgentManifest.read(in.readAllBytes());
            var compiled =
                    MarketAnalystToolSet.of(new MarketAnalyst(rehearsal.deployment())).manifest();
            assertThat(beside.digest()).isEqualTo(compiled.digest());
            assertThat(compiled.tools().stream().map(tool -> tool.name()))
                    .containsExactly("query_database", "get_current_prices", "write_report");
        }
    }
}
