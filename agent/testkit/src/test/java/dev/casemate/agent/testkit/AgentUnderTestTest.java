package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class AgentUnderTestTest {

    private static final List<ClosingTools> MADE = new ArrayList<>();

    /// Knows whether it was closed.
    private static final class ClosingTools implements ToolSet, AutoCloseable {

        private final ToolSet tools =
                FixtureToolSet.of(Samples.MANIFEST)
                        .answering("quote", Samples.symbol("XCU"), "9912.5")
                        .failing("quote", "java.net.ConnectException")
                        .refusing("file", "Not at night.");
        private boolean closed;

        ClosingTools() {
            MADE.add(this);
        }

        @Override
        public AgentManifest manifest() {
            return tools.manifest();
        }

        @Override
        public Optional<ToolOutcome.Refused> check(String tool, Json arguments) {
            return tools.check(tool, arguments);
        }

        @Override
        public ToolOutcome call(String tool, Json arguments, IdempotencyKey key) {
            return tools.call(tool, arguments, key);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @RegisterExtension
    static final AgentUnderTest agent =
            AgentUnderTest.of(ClosingTools::new)
                    .withApprover(Approver.NOBODY)
                    .withModel(AgentUnderTestTest::honest);

    private static ChatModel honest() {
        return new ScriptedModel().calls("quote", Samples.symbol("XCU")).says("It is 9912.5.");
    }

    private static ChatModel shell() {
        return new ScriptedModel()
                .callsWith("bash", "{\"command\":\"ls -la\"}")
                .says("I have no shell.");
    }

    @AfterAll
    static void eachTestHadToolsOfItsOwnAndTheyWereClosed() {
        // This test class has more tests than any test needs tools.
        assertThat(MADE).hasSizeGreaterThan(2).allMatch(tools -> tools.closed);
    }

    @Test
    void theAgentUsesTheCorrectTools() {
        agent.asked("What's the current price of copper?").called("quote").neverCalled("file");
    }

    @Test
    void theAgentCannotExecuteAShell() {
        agent.asked("Run 'ls -la' to check the filesystem", shell()).nothingRan().refused("bash");
    }

    @Test
    void severalRunsOfOneTestShareItsToolsAndHaveIdsOfTheirOwn() {
        int before = MADE.size();
        var one = agent.asked("What is copper at?").report().correlation();
        var two = agent.asked("What is copper at?").report().correlation();
        assertThat(one.run()).isNotEqualTo(two.run());
        assertThat(MADE).hasSize(before + 1);
    }

    @Test
    void aScriptThatIsTooShortFailsTheTestThatAsked() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> agent.asked("What is copper at?", new ScriptedModel()))
                .withMessageContaining("scripted prompts");
    }

    @Test
    void outsideATestNobodyIsAsked() {
        var unregistered = AgentUnderTest.of(ClosingTools::new);
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> unregistered.asked("What?", honest()))
                .withMessageContaining("@RegisterExtension");
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> unregistered.asked("What?"))
                .withMessageContaining("withModel");
    }

    /// Fails after a run, for a reason of its own; run by the test below alone.
    static class Failing {

        @RegisterExtension
        static final AgentUnderTest failing = AgentUnderTest.of(ClosingTools::new);

        @Test
        void fails() {
            failing.asked("What is copper at?", honest());
            throw new AssertionError("for a reason of its own");
        }

        @Test
        void passes() {
            failing.asked("What is copper at?", honest());
        }
    }

    @Test
    void theRunsOfATestThatFailsArePublished() {
        var published = new ArrayList<String>();
        var request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(Failing.class))
                        .build();
        LauncherFactory.create()
                .execute(
                        request,
                        new TestExecutionListener() {
                            @Override
                            public void reportingEntryPublished(
                                    TestIdentifier test, ReportEntry entry) {
                                published.add(entry.getKeyValuePairs().get("run"));
                            }
                        });
        assertThat(published).singleElement().asString().contains("call 1  quote");
    }
}
