package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.BoundedLines.Line;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.concurrent.SynchronousQueue;

/// Does the tasks that come as JSON lines, one after the other, in order.
///
/// A line that will not do is refused by an event of its own, and the next one is read. A task is
/// done when there is a result line for it, and not before.
final class LineWorker {

    /// A duplicate is noticed among so many tasks before it.
    static final int REMEMBERED_IDS = 100_000;

    /// What the reading thread hands over.
    private sealed interface Input {
        record Read(Line line) implements Input {}

        /// @param broken the stream failed instead of ending
        record Ended(boolean broken) implements Input {}
    }

    private final InputStream in;
    private final AgentRuns runs;
    private final EventLines lines;
    private final EndSignal signal;
    // Holds nothing: at most one line is read ahead, and a full pipe holds up whoever writes.
    private final SynchronousQueue<Input> input = new SynchronousQueue<>();
    private final LinkedHashSet<String> ids = new LinkedHashSet<>();
    private boolean allAnswered = true;
    private boolean cutShort;

    LineWorker(InputStream in, AgentRuns runs, EventLines lines, EndSignal signal) {
        this.in = in;
        this.runs = runs;
        this.lines = lines;
        this.signal = signal;
    }

    /// Works until the input ends or a signal comes.
    ///
    /// @return the exit code
    int work() throws IOException {
        // Its own thread, because nothing can interrupt the reading of standard input.
        Thread.ofPlatform().daemon().name("standard input").start(this::read);
        try {
            while (true) {
                switch (input.take()) {
                    case Input.Read(var line) -> take(line);
                    case Input.Ended(var broken) -> {
                        return ended(broken);
                    }
                }
            }
        } catch (InterruptedException toldToEnd) {
            return endedBySignal();
        }
    }

    private void read() {
        var bounded = new BoundedLines(in);
        try {
            try {
                for (var line = bounded.next(); line.isPresent(); line = bounded.next()) {
                    input.put(new Input.Read(line.get()));
                }
                input.put(new Input.Ended(false));
            } catch (IOException e) {
                input.put(new Input.Ended(true));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int ended(boolean broken) {
        if (broken) {
            lines.problem(Json.object().put("event", "input_failed").build());
        }
        if (cutShort) {
            return AgentProcess.CUT_SHORT;
        }
        return allAnswered && !broken ? AgentProcess.ANSWERED : AgentProcess.NOT_ANSWERED;
    }

    private int endedBySignal() throws IOException {
        try {
            switch (input.poll()) {
                case Input.Read(var line) -> take(line);
                case Input.Ended(var broken) -> {
                    return ended(broken);
                }
                case null -> {}
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return AgentProcess.CUT_SHORT;
    }

    private void take(Line line) throws IOException, InterruptedException {
        Assignment assignment;
        try {
            assignment = assignment(line);
        } catch (ManifestException e) {
            allAnswered = false;
            lines.event(EventLines.refusal("line_refused", e).put("line", line.number()).build());
            return;
        }
        boolean wanted = signal.take();
        try {
            if (wanted) {
                run(assignment);
            } else {
                cutShort(assignment);
            }
        } finally {
            signal.release();
        }
    }

    private Assignment assignment(Line line) {
        var assignment =
                switch (line) {
                    case Line.TooLong _ ->
                            throw refused(
                                    "expected a line of at most "
                                            + BoundedLines.MAX_LINE_BYTES
                                            + " bytes");
                    case Line.NotText _ -> throw refused("expected UTF-8 text");
                    case Line.Text(_, var text) -> {
                        if (text.isBlank()) {
                            throw refused("expected a task, not a blank line");
                        }
                        yield Members.read(
                                JsonReader.read(text),
                                "",
                                members -> Assignment.read(members, runs.worker()));
                    }
                };
        if (!ids.add(assignment.id())) {
            throw new ManifestException(
                    ManifestException.Code.BROKEN_REFERENCE,
                    "/id",
                    "expected an id that no task before it has");
        }
        if (ids.size() > REMEMBERED_IDS) {
            ids.removeFirst();
        }
        return assignment;
    }

    private static ManifestException refused(String expected) {
        return new ManifestException(ManifestException.Code.INVALID_VALUE, "", expected);
    }

    private void run(Assignment assignment) throws IOException, InterruptedException {
        AgentLoop loop;
        try {
            loop = runs.loop(assignment.correlation());
        } catch (ManifestException | GuardException | IOException e) {
            returned(assignment, "not_started");
            throw e;
        }
        var run = RunInHand.of(loop, assignment.task());
        signal.running(run);
        var report = run.await();
        if (report.end() instanceof RunEnd.Cancelled) {
            cutShort(assignment);
            return;
        }
        allAnswered &= report.end() instanceof RunEnd.Answered;
        lines.event(TaskResult.line(assignment, report));
    }

    private void cutShort(Assignment assignment) {
        cutShort = true;
        returned(assignment, "ending");
    }

    private void returned(Assignment assignment, String reason) {
        allAnswered = false;
        lines.event(TaskResult.returned(assignment, reason));
    }
}
