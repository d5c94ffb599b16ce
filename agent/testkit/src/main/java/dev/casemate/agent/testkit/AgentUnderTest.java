package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Correlation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A JUnit extension that runs an agent in a test:
///
/// ```java
/// @RegisterExtension
/// static final AgentUnderTest agent = AgentUnderTest.of(() -> QuoterToolSet.of(new Quoter()));
///
/// @Test
/// void aPriceComesFromThePriceService() {
///     agent.asked("What's the current price of copper?", model).called("get_current_prices").neverCalled("query_database");
/// }
/// ```
///
/// Each test has tools of its own, made when it first asks and closed when it ends. Chance is
/// seeded with the test's id, so a failure plays again. Where a test fails, its runs are published
/// as report entries. What a model throws fails the test that asked, for example that a script is
/// at its end: it is never just the end of a run.
public final class AgentUnderTest
        implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback {

    private final Supplier<? extends ToolSet> tools;
    private Optional<Supplier<? extends ChatModel>> model = Optional.empty();
    private Approver approver = Approver.NOBODY;

    // A test asks on the thread that it runs on, and several tests may run at once.
    private final Map<Thread, Stage> stages = new ConcurrentHashMap<>();

    private AgentUnderTest(Supplier<? extends ToolSet> tools) {
        this.tools = tools;
    }

    /// @param tools made for each test anew, after everything that `@BeforeAll` sets up
    public static AgentUnderTest of(Supplier<? extends ToolSet> tools) {
        return new AgentUnderTest(tools);
    }

    /// Who is asked where a test names no model.
    ///
    /// @param asked made for each run anew
    public AgentUnderTest withModel(Supplier<? extends ChatModel> asked) {
        model = Optional.of(asked);
        return this;
    }

    /// Who is asked where a tool requires approval; nobody, if not given.
    public AgentUnderTest withApprover(Approver asked) {
        approver = asked;
        return this;
    }

    /// Runs one task with the model of [#withModel].
    public RunAssert asked(String task) {
        var asked =
                model.orElseThrow(() ->
                        new TestkitException(
                                Code.MISUSED, "asked", "expected a model, here or in withModel"));
        return asked(task, asked.get());
    }

    /// Runs one task to its end.
    public RunAssert asked(String task, ChatModel asked) {
        var current = stages.get(Thread.currentThread());
        if (current == null) {
            throw new TestkitException(
                    Code.MISUSED,
                    "asked",
                    "expected a running test, on its own thread, and @RegisterExtension");
        }
        return RunAssert.assertThatRun(current.run(task, asked));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        stages.put(Thread.currentThread(), new Stage(context.getUniqueId().hashCode()));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var current = stages.get(Thread.currentThread());
        if (current != null && context.getExecutionException().isPresent()) {
            current.transcripts.forEach(text -> context.publishReportEntry("run", text));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        var current = stages.remove(Thread.currentThread());
        if (current != null && current.tools instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    /// What one test has: its tools, its chance, and its runs so far.
    private final class Stage {
        private final List<String> transcripts = new ArrayList<>();
        private final int id;
        private final Random random;
        private @Nullable ToolSet tools;

        Stage(int id) {
            this.id = id;
            random = new Random(id);
        }

        RunReport run(String task, ChatModel asked) {
            var current = tools;
            if (current == null) {
                current = AgentUnderTest.this.tools.get();
                tools = current;
            }
            var honest = new Honest(asked);
            var run = "test-" + Integer.toHexString(id) + "-" + (transcripts.size() + 1);
            var report =
                    new AgentLoop(
                                    current,
                                    honest,
                                    current.manifest().models().getFirst(),
                                    new Correlation(run, "test", "test"),
                                    InstantSource.system(),
                                    random,
                                    approver,
                                    _ -> {})
                            .run(task);
            transcripts.add(Transcript.of(report));
            honest.rethrow();
            return report;
        }
    }

    /// Remembers what a model threw, which the loop turns into the end of a run.
    private static final class Honest implements ChatModel {
        private final ChatModel model;
        private @Nullable RuntimeException thrown;

        Honest(ChatModel model) {
            this.model = model;
        }

        @Override
        public ChatReply ask(ChatRequest request, Consumer<String> words)
                throws InterruptedException {
            try {
                return model.ask(request, words);
            } catch (RuntimeException e) {
                thrown = e;
                throw e;
            }
        }

        void rethrow() {
            if (thrown != null) {
                throw thrown;
            }
        }
    }
}
