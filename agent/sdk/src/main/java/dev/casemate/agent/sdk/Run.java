package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One run of an [AgentLoop]: the conversation so far, and what is left of each limit.
final class Run {

    /// Longer arguments are refused unread.
    static final int MAX_ARGUMENT_CHARS = 65_536;

    private final AgentLoop loop;
    private final AgentManifest manifest;
    private final Instant deadline;
    private final TraceContext trace;
    private final DataFrame frame;
    private final RepeatCounter repeats = new RepeatCounter();
    private final List<ChatMessage> conversation = new ArrayList<>();
    private final List<RunReport.Call> calls = new ArrayList<>();
    private int steps;
    private TokenCount tokens = TokenCount.NONE;

    Run(AgentLoop loop, String task) {
        this.loop = loop;
        manifest = loop.tools().manifest();
        deadline = loop.clock().instant().plus(manifest.limits().deadline());
        trace = TraceContext.drawn(loop.random());
        frame = new DataFrame(loop.random());
        // Two messages: the first is the manifest's text and nothing else, so that the proxy can
        // hold it against the manifest.
        conversation.add(new ChatMessage.Instruction(manifest.prompt().systemMessage()));
        conversation.add(new ChatMessage.Instruction(frame.instruction()));
        conversation.add(new ChatMessage.Task(task));
    }

    RunReport toEnd() {
        loop.listener().on(new RunEvent.Started(manifest, loop.correlation(), loop.modelName()));
        Optional<RunEnd> end;
        do {
            end = step();
        } while (end.isEmpty());
        var report =
                new RunReport(
                        manifest,
                        loop.correlation(),
                        end.get(),
                        calls,
                        steps,
                        tokens,
                        conversation);
        loop.listener().on(new RunEvent.Ended(report));
        return report;
    }

    /// Asks the model once and does what it asks for.
    ///
    /// @return how the run ended; empty if it goes on
    private Optional<RunEnd> step() {
        if (Thread.currentThread().isInterrupted()) {
            return Optional.of(new RunEnd.Cancelled());
        }
        if (deadlineReached()) {
            return Optional.of(new RunEnd.DeadlineReached());
        }
        if (steps == manifest.limits().steps()) {
            return Optional.of(new RunEnd.StepLimit());
        }
        steps++;
        var request =
                new ChatRequest(
                        loop.modelName(),
                        conversation,
                        manifest.tools(),
                        trace.child(loop.random()),
                        timeLeft());
        ChatReply reply;
        try {
            reply = loop.model().ask(request, text -> loop.listener().on(new RunEvent.Said(text)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new RunEnd.Cancelled());
        } catch (RuntimeException e) {
            return Optional.of(
                    new RunEnd.ModelFailed(
                            ChatReply.Failure.INTERNAL, e.getClass().getSimpleName()));
        }
        return switch (reply) {
            case ChatReply.Refused(var status, var code, var message, _) ->
                    Optional.of(new RunEnd.ModelRefused(status, code, message));
            case ChatReply.Failed(var failure, var message) ->
                    Optional.of(
                            deadlineReached()
                                    ? new RunEnd.DeadlineReached()
                                    : new RunEnd.ModelFailed(failure, message));
            case ChatReply.Answer answer -> take(request, answer);
        };
    }

    private Optional<RunEnd> take(ChatRequest request, ChatReply.Answer answer) {
        conversation.add(new ChatMessage.Reply(answer.text(), answer.calls()));
        tokens = tokens.plus(count(request, answer));
        Optional<RunEnd> end = Optional.empty();
        if (tokens.total() > manifest.limits().tokens()) {
            end = Optional.of(new RunEnd.TokenLimit());
        } else if (answer.calls().isEmpty()) {
            end = answer.text().map(RunEnd.Answered::new);
        }
        for (var call : answer.calls()) {
            // After the end each remaining call is still answered and recorded, as refused.
            end = end.or(() -> limitReachedBy(call));
            end = end.isPresent() ? refuse(call, end.get()) : execute(call);
        }
        return end;
    }

    /// What the model reported; where it reported nothing, a bound that no tokenizer exceeds.
    private static TokenCount count(ChatRequest request, ChatReply.Answer answer) {
        return answer.usage()
                .filter(usage -> usage.total() > 0)
                .orElseGet(() -> {
                    // Every token stands for at least one byte of the text.
                    long output = bytes(answer.text().orElse(""));
                    for (var call : answer.calls()) {
                        output += bytes(call.id()) + bytes(call.name()) + bytes(call.arguments());
                    }
                    return new TokenCount(bytes(ChatWire.request(request).text()), output);
                });
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private Optional<RunEnd> limitReachedBy(ToolCall call) {
        if (calls.size() >= manifest.limits().toolCalls()) {
            return Optional.of(new RunEnd.ToolCallLimit());
        }
        if (repeats.count(call) > manifest.limits().identicalCalls()) {
            return Optional.of(new RunEnd.RepeatedCall());
        }
        return deadlineReached() ? Optional.of(new RunEnd.DeadlineReached()) : Optional.empty();
    }

    private Optional<RunEnd> refuse(ToolCall call, RunEnd end) {
        record(call, refused(Refusal.LIMIT_REACHED, "Not executed: the run has ended."));
        return Optional.of(end);
    }

    private Optional<RunEnd> execute(ToolCall call) {
        if (manifest.tool(call.name()).isEmpty()) {
            var known = manifest.tools().stream().map(ToolSpec::name);
            record(
                    call,
                    refused(
                            Refusal.UNKNOWN_TOOL,
                            "There is no such tool. There are only: "
                                    + known.collect(Collectors.joining(", "))
                                    + "."));
            return Optional.empty();
        }
        if (call.arguments().length() > MAX_ARGUMENT_CHARS) {
            return invalid(call, "Expected at most " + MAX_ARGUMENT_CHARS + " characters.");
        }
        Json arguments;
        try {
            arguments = JsonReader.read(call.arguments());
        } catch (ManifestException e) {
            return invalid(call, "Expected one JSON object. " + e.getMessage());
        }
        return execute(call, arguments);
    }

    private Optional<RunEnd> invalid(ToolCall call, String text) {
        record(call, refused(Refusal.INVALID_ARGUMENTS, text));
        return Optional.empty();
    }

    private Optional<RunEnd> execute(ToolCall call, Json arguments) {
        var execution =
                new ToolExecution(
                        loop.tools(),
                        call.name(),
                        arguments,
                        IdempotencyKey.of(loop.correlation(), call.name(), arguments));
        var outcome = execution.within(timeLeft());
        record(call, outcome);
        if (Thread.currentThread().isInterrupted()) {
            return Optional.of(new RunEnd.Cancelled());
        }
        return execution.abandoned() ? Optional.of(new RunEnd.DeadlineReached()) : Optional.empty();
    }

    private void record(ToolCall call, ToolOutcome outcome) {
        var text =
                outcome instanceof ToolOutcome.Answered(var result)
                        ? frame.around(result)
                        : TextLimit.cut(outcome.text(), DataFrame.MAX_RESULT_CHARS);
        var recorded = new RunReport.Call(call, outcome);
        calls.add(recorded);
        conversation.add(new ChatMessage.ToolAnswer(call.id(), call.name(), text));
        loop.listener().on(new RunEvent.Called(recorded));
    }

    private static ToolOutcome refused(Refusal reason, String text) {
        return new ToolOutcome.Refused(reason, text);
    }

    private boolean deadlineReached() {
        return !loop.clock().instant().isBefore(deadline);
    }

    private Duration timeLeft() {
        return Duration.between(loop.clock().instant(), deadline);
    }
}
