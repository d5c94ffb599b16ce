package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/// A run with fakes on all sides, and what it told.
final class TestRun {

    static final Correlation CORRELATION = new Correlation("run-1", "workflow-1", "transaction-1");
    static final TokenCount USAGE = new TokenCount(10, 5);

    private final ToolSet tools;
    private Approver approver = Approver.NOBODY;
    private InstantSource clock = InstantSource.system();

    final List<RunEvent> events = new ArrayList<>();
    final List<ChatRequest> requests = new ArrayList<>();
    private RunListener listener = events::add;

    TestRun(ToolSet tools) {
        this.tools = tools;
    }

    static ToolCall call(String id, String name, String arguments) {
        return new ToolCall(id, name, arguments);
    }

    static ChatReply calls(ToolCall... calls) {
        return new ChatReply.Answer(Optional.empty(), List.of(calls), Optional.of(USAGE));
    }

    static ChatReply says(String text) {
        return new ChatReply.Answer(Optional.of(text), List.of(), Optional.of(USAGE));
    }

    TestRun allowedBy(Approver approver) {
        this.approver = approver;
        return this;
    }

    TestRun at(InstantSource clock) {
        this.clock = clock;
        return this;
    }

    TestRun heardBy(RunListener listener) {
        this.listener = listener;
        return this;
    }

    AgentLoop loop(ChatModel model) {
        return new AgentLoop(
                tools, model, "test-model", CORRELATION, clock, new Random(1), approver, listener);
    }

    RunReport of(ChatReply... replies) {
        Queue<ChatReply> left = new ArrayDeque<>(Arrays.asList(replies));
        return of((request, _) -> {
            requests.add(request);
            return left.remove();
        });
    }

    RunReport of(ChatModel model) {
        return loop(model).run("What is it?");
    }

    /// The ids of the answers that the model was given.
    static List<String> answered(RunReport report) {
        return report.conversation().stream()
                .filter(ChatMessage.ToolAnswer.class::isInstance)
                .map(message -> ((ChatMessage.ToolAnswer) message).callId())
                .toList();
    }

    static List<ToolOutcome> outcomes(RunReport report) {
        return report.calls().stream().map(RunReport.Call::outcome).toList();
    }

    List<Span> spans() {
        return events.stream()
                .filter(RunEvent.Traced.class::isInstance)
                .map(event -> ((RunEvent.Traced) event).span())
                .toList();
    }

    /// The JSON of each event `tool_call`.
    List<String> toolCalls() {
        return events.stream()
                .filter(RunEvent.Called.class::isInstance)
                .map(event -> event.toJson().text())
                .toList();
    }

    /// Waits for what never comes.
    ///
    /// @return once the thread was interrupted
    static String hang(CountDownLatch interrupted) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
        return "too late";
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("expected the others to come in time", e);
        }
    }
}
