package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// One tool call on a thread of its own, so that a tool that hangs cannot outlive the run's
/// deadline.
final class ToolExecution {

    private static final ToolOutcome LEFT_BEHIND =
            new ToolOutcome.Failed("deadline", "The tool did not end in time.");

    private final ToolSet tools;
    private final String tool;
    private final Json arguments;
    private final IdempotencyKey key;
    // Whichever comes first stays: the tool's outcome, or that it was left behind.
    private final CompletableFuture<ToolOutcome> outcome = new CompletableFuture<>();
    private boolean abandoned;

    ToolExecution(ToolSet tools, String tool, Json arguments, IdempotencyKey key) {
        this.tools = tools;
        this.tool = tool;
        this.arguments = arguments;
        this.key = key;
    }

    /// Runs the call. If the calling thread is interrupted meanwhile, it stays interrupted.
    ///
    /// @return within `time`, whatever the tool does: a tool that is not done is interrupted and
    ///   left behind, and what it still returns is not used
    ToolOutcome within(Duration time) {
        var thread = Thread.ofVirtual().name("tool " + tool).start(this::call);
        try {
            boolean _ = thread.join(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Before the interrupt, so that what the tool makes of it is too late.
        abandoned = outcome.complete(LEFT_BEHIND);
        thread.interrupt();
        return outcome.join();
    }

    /// Whether [#within] did not wait for the tool.
    boolean abandoned() {
        return abandoned;
    }

    private void call() {
        ToolOutcome result;
        try {
            result = tools.call(tool, arguments, key);
        } catch (RuntimeException | StackOverflowError e) {
            result =
                    new ToolOutcome.Failed(
                            e.getClass().getName(), "The tool failed. Do not call it again.");
        }
        outcome.complete(result);
    }
}
