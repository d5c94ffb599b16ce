package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// One run of an [AgentLoop]: the conversation so far, and what is left of each limit.
final class Run {

    private final AgentLoop loop;
    private final AgentManifest manifest;
    private final RunDeadline deadline;
    private final RunEvents events;
    private final RunTrace trace;
    private final Calls calls;
    private final List<ChatMessage> conversation = new ArrayList<>();
    private int steps;
    private TokenCount tokens = TokenCount.NONE;

    /// @param parent of the span around the run
    Run(AgentLoop loop, String task, Optional<TraceContext> parent) {
        this.loop = loop;
        manifest = loop.tools().manifest();
        deadline = RunDeadline.in(manifest.limits().deadline(), loop.clock());
        events = new RunEvents(loop.listener());
        trace = new RunTrace(loop, events, parent);
        var frame = new DataFrame(loop.random());
        calls =
                new Calls(
                        loop,
                        new CallAdmission(loop, task),
                        deadline,
                        events,
                        trace,
                        frame,
                        conversation::add);
        // Two messages: the first is the manifest's text and nothing else, so that the proxy can
        // hold it against the manifest.
        conversation.add(new ChatMessage.Instruction(manifest.prompt().systemMessage()));
        conversation.add(new ChatMessage.Instruction(frame.instruction()));
        conversation.add(new ChatMessage.Task(task));
    }

    RunReport toEnd() {
        events.tell(new RunEvent.Started(manifest, loop.correlation(), loop.modelName()));
        Optional<RunEnd> end;
        do {
            end = step();
        } while (end.isEmpty());
        trace.ended(end.get(), tokens);
        events.tell(new RunEvent.Ended(report(end.get())));
        // Once more, because the last event may have been lost, too.
        return report(end.get());
    }

    private RunReport report(RunEnd end) {
        return new RunReport(
                manifest,
                loop.correlation(),
                end,
                calls.recorded(),
                steps,
                tokens,
                conversation,
                events.lost());
    }

    /// Asks the model once and does what it asks for.
    ///
    /// @return how the run ended; empty if it goes on
    private Optional<RunEnd> step() {
        if (Thread.currentThread().isInterrupted()) {
            return Optional.of(new RunEnd.Cancelled());
        }
        if (deadline.isReached()) {
            return Optional.of(new RunEnd.DeadlineReached());
        }
        if (steps == manifest.limits().steps()) {
            return Optional.of(new RunEnd.StepLimit());
        }
        steps++;
        var start = loop.clock().instant();
        var request =
                new ChatRequest(
                        loop.modelName(),
                        conversation,
                        manifest.tools(),
                        trace.step(),
                        deadline.left());
        var reply = ask(request);
        trace.asked(request.trace(), start, reply);
        return switch (reply.orElse(null)) {
            case null -> Optional.of(new RunEnd.Cancelled());
            case ChatReply.Refused refused -> Optional.of(endBy(refused));
            case ChatReply.Failed(var failure, var message) ->
                    Optional.of(
                            deadline.isReached()
                                    ? new RunEnd.DeadlineReached()
                                    : new RunEnd.ModelFailed(failure, message));
            case ChatReply.Answer answer -> take(request, answer);
        };
    }

    /// @return empty if the run was cancelled meanwhile
    private Optional<ChatReply> ask(ChatRequest request) {
        try {
            var reply = loop.model().ask(request, text -> events.tell(new RunEvent.Said(text)));
            return Optional.of(Objects.requireNonNull(reply));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(
                    new ChatReply.Failed(ChatReply.Failure.INTERNAL, e.getClass().getSimpleName()));
        }
    }

    private static RunEnd endBy(ChatReply.Refused refused) {
        return RunEnd.ContextOverflow.isMeantBy(refused.code())
                ? new RunEnd.ContextOverflow(refused.message())
                : new RunEnd.ModelRefused(refused.status(), refused.code(), refused.message());
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
        return calls.take(answer.calls(), end);
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
}
