package dev.casemate.agent.sdk;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The process of a contained agent: one task, or a worker that takes one task after the other. It
/// never listens.
///
/// Arguments: the task, as the only one, or after `--stream`, which tells the model's words while
/// they come; or `--worker stdin`, which reads tasks as JSON lines; or `--worker proxy`, which asks
/// the proxy for them. docs/workers.md has the forms of both.
///
/// Events and results go to standard output, one JSON object a line; events go to the proxy, too.
/// What goes wrong outside of a run goes to standard error, in such lines as well.
///
/// A signal to end (SIGTERM, SIGINT) leaves the task in hand [#GRACE] to finish. Then its run is
/// cancelled, still tells its end, and the task is handed back. No new task is taken up.
public final class AgentProcess {

    /// Exit code: the run ended with an answer; of a worker: every task that it took up did.
    public static final int ANSWERED = 0;

    /// Exit code: the process did not begin, or a worker could not begin a run, because its
    /// deployment, manifest or arguments will not do.
    public static final int MISCONFIGURED = 64;

    /// Exit code: the run ended without an answer; of a worker that reads lines: a task did, or a
    /// line was refused.
    public static final int NOT_ANSWERED = 65;

    /// Exit code: the proxy gives this worker no tasks, however often it asks.
    public static final int REFUSED = 69;

    /// Exit code: a signal ended the process before its work was done.
    public static final int CUT_SHORT = 75;

    /// How long the task in hand may still take after a signal to end.
    public static final Duration GRACE = Duration.ofSeconds(15);

    /// How long a cancelled run and its task may take after that to be reported; then the process
    /// ends, whatever it does.
    public static final Duration FAREWELL = Duration.ofSeconds(5);

    /// System property with the path of the deployment document, where it is not [Deployment#FILE].
    public static final String DEPLOYMENT_PROPERTY = "casemate.deployment";

    /// A longer task is refused.
    public static final int MAX_TASK_CHARS = 65_536;

    private static final int MAX_DEPLOYMENT_BYTES = 1 << 20;

    private final InputStream in;
    private final EventLines lines;
    private final Approver approver;
    private final EndSignal signal;
    private final Pause pause;

    AgentProcess(
            InputStream in,
            PrintStream out,
            PrintStream err,
            Approver approver,
            EndSignal signal,
            Pause pause) {
        this.in = in;
        this.lines = new EventLines(out, err);
        this.approver = approver;
        this.signal = signal;
        this.pause = pause;
    }

    /// Runs the agent and ends the process. Nobody can be asked for approval.
    ///
    /// @param args the task, or which worker it is
    /// @param agent makes the agent's tools for this deployment; asked anew for each run
    public static void main(String[] args, Function<Deployment, ToolSet> agent) {
        main(args, agent, Approver.NOBODY);
    }

    /// Runs the agent and ends the process.
    ///
    /// @param args the task, or which worker it is
    /// @param agent makes the agent's tools for this deployment; asked anew for each run
    /// @param approver asked before each call of a tool that requires it
    public static void main(String[] args, Function<Deployment, ToolSet> agent, Approver approver) {
        var signal = new EndSignal(Thread.currentThread(), GRACE);
        var code = new CompletableFuture<Integer>();
        endOnSignal(signal, code);
        try {
            var file = Path.of(System.getProperty(DEPLOYMENT_PROPERTY, Deployment.FILE));
            code.complete(
                    new AgentProcess(
                                    System.in,
                                    System.out,
                                    System.err,
                                    approver,
                                    signal,
                                    Pause.SLEEP)
                            .run(args, file, agent));
        } catch (RuntimeException | Error e) {
            code.completeExceptionally(e);
            throw e;
        }
        System.exit(code.join());
    }

    /// The JVM answers a signal with its shutdown hooks. This one ends the process with a code of
    /// its own; the JVM's would not say whether the work was done.
    private static void endOnSignal(EndSignal signal, CompletableFuture<Integer> code) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    if (!code.isDone()) {
                                        Runtime.getRuntime().halt(end(signal, code));
                                    }
                                },
                                "end on signal"));
    }

    private static int end(EndSignal signal, CompletableFuture<Integer> code) {
        try {
            signal.tell();
            return code.get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CUT_SHORT;
        } catch (TimeoutException | ExecutionException e) {
            return CUT_SHORT;
        }
    }

    /// @return the exit code
    int run(String[] args, Path deploymentFile, Function<Deployment, ToolSet> agent) {
        EntryPoint entry;
        AgentRuns runs;
        AgentLoop first;
        try {
            entry = EntryPoint.of(args);
            runs =
                    new AgentRuns(
                            deployment(deploymentFile),
                            agent,
                            entry.answers(),
                            approver,
                            lines,
                            pause);
            first = runs.loop(runs.worker());
            if (!(entry instanceof EntryPoint.OneTask)) {
                Assignment.requireWorker(runs.worker());
            }
        } catch (ManifestException | GuardException | IOException | IllegalArgumentException e) {
            lines.problem(EventLines.refusal("not_started", e).build());
            return MISCONFIGURED;
        }
        try {
            return switch (entry) {
                case EntryPoint.OneTask(var task, _) -> one(first, task);
                case EntryPoint.Lines() -> {
                    began(first, "stdin");
                    yield new LineWorker(in, runs, lines, signal).work();
                }
                case EntryPoint.Queue() -> {
                    began(first, "proxy");
                    yield new QueueWorker(
                                    runs,
                                    lines,
                                    signal,
                                    InstantSource.system(),
                                    new SecureRandom(),
                                    pause)
                            .work();
                }
            };
        } catch (ManifestException | GuardException | IOException e) {
            lines.problem(EventLines.refusal("run_not_started", e).build());
            return MISCONFIGURED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CUT_SHORT;
        }
    }

    private int one(AgentLoop loop, String task) throws InterruptedException {
        if (!signal.take()) {
            return CUT_SHORT;
        }
        try {
            var run = RunInHand.of(loop, task);
            signal.running(run);
            var end = run.await().end();
            if (end instanceof RunEnd.Cancelled) {
                return CUT_SHORT;
            }
            return end instanceof RunEnd.Answered ? ANSWERED : NOT_ANSWERED;
        } finally {
            signal.release();
        }
    }

    private void began(AgentLoop loop, String source) {
        lines.event(
                Json.object()
                        .put("event", "worker_started")
                        .put("agent", loop.tools().manifest().name())
                        .put("manifest", loop.tools().manifest().digest().value())
                        .put("run", loop.correlation().run())
                        .put("tasks", source)
                        .build());
    }

    private static Deployment deployment(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Deployment.read(AgentRuns.bytes(in, MAX_DEPLOYMENT_BYTES));
        }
    }
}
