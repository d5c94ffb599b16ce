package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Runs a suite against an agent and says how often each case passed.
///
/// What is not given is played: without a model each case plays its script, once, because a second
/// time tells nothing; without tools, fixtures answer. So a suite needs neither a model nor any of
/// the agent's code, only its manifest.
public final class Evaluation {

    /// Runs at the same time, at most.
    public static final int MAX_PARALLEL = 64;

    /// Runs of one case, at most.
    public static final int MAX_RUNS = SuiteReader.MAX_RUNS;

    private final EvaluationSuite suite;
    private final AgentManifest manifest;
    private final Map<String, ArgumentsSchema> schemas;
    private final String modelName;
    private Optional<Function<Correlation, ChatModel>> model = Optional.empty();
    private String modelShown = "the scripts of the cases";
    private Optional<Supplier<? extends ToolSet>> tools = Optional.empty();
    private Optional<Judge> judge = Optional.empty();
    private Approver approver = Approver.NOBODY;
    private String id;
    private int runs;
    private int parallel = 1;

    private Evaluation(EvaluationSuite suite, AgentManifest manifest) {
        this.suite = suite;
        this.manifest = manifest;
        modelName = suite.header().model().orElse(manifest.models().getFirst());
        schemas = FixtureToolSet.schemas(manifest);
        runs = suite.header().runs();
        id = "eval-" + Long.toHexString(suite.header().seed());
    }

    /// @throws TestkitException if the suite is for another agent, or names tools or models that
    ///   the manifest does not
    public static Evaluation of(EvaluationSuite suite, AgentManifest manifest) {
        SuiteNames.check(suite, manifest);
        return new Evaluation(suite, manifest);
    }

    /// The manifest's name for the model that is asked.
    public String modelName() {
        return modelName;
    }

    /// Asks this model in place of the scripts.
    ///
    /// @param shown its name in reports
    public Evaluation model(String shown, Supplier<ChatModel> asked) {
        return modelFor(shown, _ -> asked.get());
    }

    /// Asks a model that has to know for which run it is asked.
    public Evaluation modelFor(String shown, Function<Correlation, ChatModel> asked) {
        model = Optional.of(asked);
        modelShown = shown;
        return this;
    }

    /// Runs these tools in place of fixtures.
    ///
    /// @param made for each run anew; closed after it where they can be
    public Evaluation tools(Supplier<? extends ToolSet> made) {
        tools = Optional.of(made);
        return this;
    }

    public Evaluation judge(Judge asked) {
        judge = Optional.of(asked);
        return this;
    }

    /// Who is asked where a tool requires it; nobody, if not given.
    public Evaluation approver(Approver asked) {
        approver = asked;
        return this;
    }

    /// Runs of each case with a model, in place of what the suite says.
    public Evaluation runs(int count) {
        if (count < 1 || count > MAX_RUNS) {
            throw new IllegalArgumentException("expected 1 to " + MAX_RUNS + " runs");
        }
        runs = count;
        return this;
    }

    /// How many runs go on at the same time; 1 if not given. Tools must allow more.
    public Evaluation parallel(int count) {
        if (count < 1 || count > MAX_PARALLEL) {
            throw new IllegalArgumentException("expected 1 to " + MAX_PARALLEL + " at a time");
        }
        parallel = count;
        return this;
    }

    /// What the ids of its runs begin with.
    public Evaluation id(String prefix) {
        id = prefix;
        return this;
    }

    /// Runs everything.
    ///
    /// @param progress told one line when a case is done
    /// @throws TestkitException with code `NO_JUDGE` if a model is given and a case asks a judge
    ///   that is not
    public EvaluationReport run(Consumer<String> progress) {
        requireJudge();
        var results = new ArrayList<CaseResult>();
        try (var threads = Executors.newFixedThreadPool(parallel, Thread.ofVirtual().factory())) {
            var pending = new ArrayList<List<Future<RunResult>>>();
            for (int i = 0; i < suite.size(); i++) {
                var ofCase = new ArrayList<Future<RunResult>>();
                for (var task : tasks(i)) {
                    ofCase.add(threads.submit(task));
                }
                pending.add(ofCase);
            }
            for (int i = 0; i < suite.size(); i++) {
                var result = new CaseResult(suite.cases().get(i), ended(pending.get(i)));
                progress.accept(TextReport.line(result, suite.header()));
                results.add(result);
            }
        }
        return new EvaluationReport(
                suite.header(),
                manifest,
                modelShown,
                model.isPresent(),
                tools.isPresent() ? "the agent's own" : "fixtures",
                results);
    }

    private void requireJudge() {
        for (var it : suite.cases()) {
            if (!scripted(it) && judge.isEmpty() && !it.expectations().questions().isEmpty()) {
                throw new TestkitException(
                        Code.NO_JUDGE,
                        it.place(),
                        "expected a judge, or a case without a question to one");
            }
        }
    }

    private boolean scripted(EvaluationCase it) {
        return model.isEmpty() || it.alwaysScripted();
    }

    private List<Callable<RunResult>> tasks(int caseIndex) {
        var it = suite.cases().get(caseIndex);
        int count = !scripted(it) ? runs : it.script().isEmpty() ? 0 : 1;
        return Stream.iterate(1, run -> run <= count, run -> run + 1)
                .<Callable<RunResult>>map(run -> () -> once(it, caseIndex, run))
                .toList();
    }

    private static List<RunResult> ended(List<Future<RunResult>> runs) {
        var results = new ArrayList<RunResult>();
        for (var run : runs) {
            try {
                results.add(run.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TestkitException(Code.MISUSED, "evaluation", "expected time to end", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TestkitException refused) {
                    throw refused;
                }
                var what = Optional.ofNullable(e.getCause()).map(Throwable::toString).orElse("?");
                results.add(
                        new RunResult(
                                List.of("expected a run, and it broke off: " + what),
                                List.of(),
                                Optional.empty(),
                                Duration.ZERO));
            }
        }
        return results;
    }

    private RunResult once(EvaluationCase it, int caseIndex, int run) throws Exception {
        var clock = InstantSource.system();
        var begun = clock.instant();
        // One stream of chance for each run: the same seed plays it again, whatever ran beside it.
        var random = new Random(suite.header().seed() * 31 + it.name().hashCode() * 1009L + run);
        var correlation =
                new Correlation(
                        id + "-" + (caseIndex + 1) + "-" + run,
                        "evaluation-" + suite.name(),
                        "evaluation");
        var asked =
                scripted(it)
                        ? new ScriptedModel().repliesAll(it.script())
                        : model.orElseThrow().apply(correlation);
        var set = toolsFor(it);
        try {
            var report =
                    new AgentLoop(
                                    set,
                                    asked,
                                    modelName,
                                    correlation,
                                    clock,
                                    random,
                                    approver,
                                    _ -> {})
                            .run(it.task());
            var failures = new ArrayList<>(RunChecks.failures(it, report, scripted(it)));
            var notes = new ArrayList<String>();
            for (var question : it.expectations().questions()) {
                judged(it, question, report.answer(), random, failures, notes);
            }
            var took = Duration.between(begun, clock.instant());
            return new RunResult(failures, notes, Optional.of(report), took);
        } finally {
            if (set instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    private ToolSet toolsFor(EvaluationCase it) {
        if (tools.isEmpty()) {
            return new FixtureToolSet(manifest, schemas, it.fixtures());
        }
        ToolSet set = tools.get().get();
        if (!set.manifest().digest().equals(manifest.digest())) {
            throw new TestkitException(
                    Code.OTHER_AGENT, it.place(), "expected tools of the manifest's digest");
        }
        return set;
    }

    private void judged(
            EvaluationCase it,
            String question,
            Optional<String> answer,
            Random random,
            List<String> failures,
            List<String> notes)
            throws InterruptedException {
        if (scripted(it)) {
            notes.add("not judged, because the answer is the script's: " + question);
        } else if (answer.isEmpty()) {
            failures.add("expected an answer to judge: " + question);
        } else {
            var verdict = judge.orElseThrow().ask(question, it.task(), answer.get(), random);
            if (verdict != Judge.Verdict.YES) {
                failures.add(
                        "expected the judge to say yes, it said "
                                + Transcript.word(verdict)
                                + ": "
                                + question);
            }
        }
    }
}
