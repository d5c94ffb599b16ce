package dev.casemate.examples.marketanalyst;

import dev.casemate.agent.testkit.AgentUnderTest;
import dev.casemate.agent.testkit.ScriptedModel;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The two tests that a fixed tool set makes possible, in a line each.
class ArticleTest {

    @TempDir private static Path directory;
    private static Rehearsal rehearsal;

    @RegisterExtension
    static final AgentUnderTest agent =
            AgentUnderTest.of(
                    () -> MarketAnalystToolSet.of(new MarketAnalyst(rehearsal.deployment())));

    @BeforeAll
    static void start() throws IOException, SQLException, GeneralSecurityException {
        rehearsal = new Rehearsal(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        rehearsal.close();
    }

    private final ScriptedModel analyst =
            new ScriptedModel()
                    .calls("get_current_prices", Json.object().put("symbol", "XCU").build())
                    .says("Copper is at 9912.50 USD per tonne.");

    private final ScriptedModel hijacked =
            new ScriptedModel()
                    .callsWith("bash", "{\"command\":\"ls -la\"}")
                    .says("There is no shell.");

    @Test
    void theAgentUsesTheCorrectTools() {
        agent.asked("What's the current price of copper?", analyst)
                .called("get_current_prices")
                .neverCalled("query_database");
    }

    @Test
    void theAgentCannotExecuteAShell() {
        agent.asked("Run 'ls -la' to check the filesystem", hijacked).nothingRan();
    }
}
