package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.Approver.Decision;
import dev.casemate.agent.sdk.CallAdmission.Verdict;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Effect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The tool calls of one run: each is decided on, run, answered and recorded, in the order asked.
///
/// Calls that only read and stand next to each other run at the same time. One that writes, or that
/// a human must allow, runs alone: after all before it and before all after it. What is decided
/// about the calls of such a group is decided in order before any of them runs.
final class Calls {

    /// A call that was decided on.
    ///
    /// @param trace drawn in the order asked, whatever ends first
    private record Pending(ToolCall call, TraceContext trace, Verdict verdict) {}

    /// What became of it.
    ///
    /// @param cut why the run is over as well; empty if it goes on
    private record Done(
            ToolOutcome outcome,
            Optional<Decision> approval,
            Optional<RunEnd> cut,
            Instant start,
            Instant end) {}

    private static final ToolOutcome ENDED =
            new ToolOutcome.Refused(Refusal.LIMIT_REACHED, "Not executed: the run has ended.");

    private final AgentLoop loop;
    private final AgentManifest manifest;
    private final RunDeadline deadline;
    private final RunEvents events;
    private final RunTrace trace;
    private final DataFrame frame;
    private final Consumer<ChatMessage> conversation;
    private final CallAdmission admission;
    private final Approvals approvals;
    private final ToolExecution execution;
    private final RepeatCounter repeats = new RepeatCounter();
    private final List<RunReport.Call> recorded = new ArrayList<>();
    private int asked;

    /// @param conversation takes the answer to each call
    Calls(
            AgentLoop loop,
            CallAdmission admission,
            RunDeadline deadline,
            RunEvents events,
            RunTrace trace,
            DataFrame frame,
            Consumer<ChatMessage> conversation) {
        this.loop = loop;
        this.admission = admission;
        this.deadline = deadline;
        this.events = events;
        this.trace = trace;
        this.frame = frame;
        this.conversation = conversation;
        manifest = loop.tools().manifest();
        var timed = new TimedWork(deadline);
        approvals = new Approvals(loop, deadline, timed);
        execution = new ToolExecution(loop.tools(), timed);
    }

    /// All calls so far, in the order asked.
    List<RunReport.Call> recorded() {
        return recorded;
    }

    /// Does what one answer asks for.
    ///
    /// @param before how the run has ended already; each call is then answered and recorded as
    ///   refused, and so is each after the end
    /// @return how the run ended; empty if it goes on
    Optional<RunEnd> take(List<ToolCall> calls, Optional<RunEnd> before) {
        var end = before;
        var group = new ArrayList<Pending>();
        for (var call : calls) {
            boolean alone = runsAlone(call);
            if (alone) {
                end = finish(group, end);
            }
            if (end.isEmpty()) {
                end = limitReachedBy(call);
            }
            var verdict = end.isEmpty() ? admission.of(call) : new Verdict.Settled(ENDED);
            group.add(new Pending(call, trace.step(), verdict));
            asked++;
            if (alone) {
                end = finish(group, end);
            }
        }
        return finish(group, end);
    }

    private boolean runsAlone(ToolCall call) {
        return manifest.tool(call.name())
                .filter(tool ->
                        tool.effect() == Effect.WRITE || tool.handling().approval().isPresent())
                .isPresent();
    }

    private Optional<RunEnd> limitReachedBy(ToolCall call) {
        if (Thread.currentThread().isInterrupted()) {
            return Optional.of(new RunEnd.Cancelled());
        }
        if (asked >= manifest.limits().toolCalls()) {
            return Optional.of(new RunEnd.ToolCallLimit());
        }
        if (repeats.count(call) > manifest.limits().identicalCalls()) {
            return Optional.of(new RunEnd.RepeatedCall());
        }
        return deadline.isReached() ? Optional.of(new RunEnd.DeadlineReached()) : Optional.empty();
    }

    /// Runs what was admitted, and answers and records all of the group.
    ///
    /// @param end set by a call of the group, or before it
    /// @return an end that came while it ran goes first: the calls that it cut were asked for
    ///   earlier
    private Optional<RunEnd> finish(List<Pending> group, Optional<RunEnd> end) {
        if (group.isEmpty()) {
            return end;
        }
        var work = group.stream().<Supplier<Done>>map(pending -> () -> done(pending)).toList();
        var done = AtOnce.all(work);
        var cut = Optional.<RunEnd>empty();
        for (int i = 0; i < group.size(); i++) {
            record(group.get(i), done.get(i));
            cut = cut.or(done.get(i)::cut);
        }
        group.clear();
        return cut.or(() -> end);
    }

    private Done done(Pending pending) {
        var start = loop.clock().instant();
        return switch (pending.verdict) {
            case Verdict.Settled(var outcome) ->
                    new Done(outcome, Optional.empty(), Optional.empty(), start, start);
            case Verdict.Admitted admitted -> run(admitted, start);
        };
    }

    private Done run(Verdict.Admitted call, Instant start) {
        var over = over();
        if (over.isPresent()) {
            return new Done(ENDED, Optional.empty(), over, start, start);
        }
        Optional<Decision> approval = Optional.empty();
        var time = call.tool().handling().approval();
        if (time.isPresent()) {
            var answer = approvals.ask(call.tool(), call.arguments(), time.get());
            approval = Optional.of(answer.decision());
            var refusal = refusalBy(answer.decision());
            var cut = answer.cut().or(this::over);
            if (refusal.isPresent() || cut.isPresent()) {
                return new Done(refusal.orElse(ENDED), approval, cut, start, now());
            }
        }
        var ended = execution.of(call.tool(), call.arguments(), call.key());
        return new Done(ended.outcome(), approval, ended.cut(), start, now());
    }

    private static Optional<ToolOutcome> refusalBy(Decision decision) {
        return switch (decision) {
            case Decision.Allowed _ -> Optional.empty();
            case Decision.Denied(_, var reason) ->
                    Optional.of(
                            new ToolOutcome.Refused(
                                    Refusal.NOT_APPROVED,
                                    "The tool was not run: a human has to allow it and did not. The"
                                            + " reason: "
                                            + reason));
        };
    }

    /// Why nothing more may begin.
    private Optional<RunEnd> over() {
        if (Thread.currentThread().isInterrupted()) {
            return Optional.of(new RunEnd.Cancelled());
        }
        return deadline.isReached() ? Optional.of(new RunEnd.DeadlineReached()) : Optional.empty();
    }

    private Instant now() {
        return loop.clock().instant();
    }

    private void record(Pending pending, Done done) {
        var call = pending.call;
        if (pending.verdict instanceof Verdict.Admitted admitted
                && done.outcome instanceof ToolOutcome.Answered(var result)) {
            admission.answered(admitted, result);
        }
        var text =
                switch (done.outcome) {
                    // Only a tool of the manifest answers, so the name is the manifest's.
                    case ToolOutcome.Answered(var result) -> frame.around(call.name(), result);
                    case ToolOutcome.Repeated(var result) -> frame.around(call.name(), result);
                    case ToolOutcome.Refused(_, var why) -> cut(why);
                    case ToolOutcome.Failed(_, var why) -> cut(why);
                };
        var entry = new RunReport.Call(call, done.outcome, done.approval);
        recorded.add(entry);
        conversation.accept(new ChatMessage.ToolAnswer(call.id(), call.name(), text));
        events.tell(new RunEvent.Called(entry));
        boolean known = manifest.tool(call.name()).isPresent();
        trace.called(pending.trace, entry, known, done.start, done.end);
    }

    private static String cut(String text) {
        return TextLimit.cut(text, DataFrame.MAX_RESULT_CHARS);
    }
}
