package dev.casemate.cli;

import dev.casemate.container.evidence.Verifier;
import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.Supervision;
import dev.casemate.container.launch.Work;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Runs one agent, contained: on one task, on tasks from a file, or as a worker of the"
                    + " proxy's queue. Its events go to standard output.",
            "A signal lets it finish or hand back what it has in hand; a second one ends it."
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    /// Standard input in place of a file.
    private static final String STANDARD_INPUT = "-";

    @Option(names = "--config", required = true, description = "The configuration file.")
    private Path config;

    @Parameters(index = "0", description = "The agent's name under deployments.")
    private String agent;

    @Parameters(index = "1", arity = "0..1", description = "The task.")
    private @Nullable String task;

    @Option(
            names = "--tasks",
            paramLabel = "FILE",
            description = "A file of tasks, a JSON object a line; - is standard input.")
    private @Nullable String tasks;

    @Option(names = "--stream", description = "Tells the model's words of one task as they come.")
    private boolean stream;

    @Option(names = "--worker", description = "Asks the proxy for tasks, until a signal.")
    private boolean worker;

    @Option(
            names = "--run-id",
            description =
                    "Default: a new one; for a worker, the agent's name. Each task's run is named"
                            + " after it and the task.")
    private @Nullable String run;

    @Option(names = "--workflow", defaultValue = "none", description = "The workflow's id.")
    private String workflow;

    @Option(
            names = "--transaction",
            defaultValue = "none",
            description = "The business transaction's id.")
    private String transaction;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description =
                    "How often at most an agent that ended badly is started again, 0 to 10. Default:"
                            + " what the deployment says, or 0. Not with --tasks.")
    private @Nullable Integer restarts;

    @Option(
            names = "--process-limits",
            description =
                    "Without root, where this user has no control groups: accepts the limits of a"
                            + " process in their place (memory, threads, descriptors, number of"
                            + " processors; not disk bandwidth).")
    private boolean processLimits;

    @Override
    public Integer call() throws IOException {
        if (Stream.of(task != null, tasks != null, worker).filter(given -> given).count() != 1) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "expected a task, or --tasks FILE, or --worker");
        }
        if (task != null) {
            return launch(new Work.Once(stream ? List.of("--stream", task) : List.of(task)));
        }
        if (tasks == null) {
            return launch(new Work.Queue());
        }
        if (tasks.equals(STANDARD_INPUT)) {
            return launch(new Work.Lines(System.in));
        }
        try (InputStream lines = Files.newInputStream(Path.of(tasks))) {
            return launch(new Work.Lines(lines));
        }
    }

    private int launch(Work work) {
        var deployment = AgentDeployment.read(config, agent);
        var manifest = deployment.manifest();
        var verified = Verifier.verify(deployment.image(), deployment.trustedKeys());
        if (!verified.manifest().equals(manifest.digest())) {
            throw new LaunchException(
                    LaunchException.Code.IMAGE_MISMATCH,
                    "expected an image of the manifest that the deployment names");
        }
        System.err.println(
                "verified %s, signed by sha256:%s".formatted(verified.image(), verified.keyId()));
        var id = runId(work, manifest.name());
        var request =
                new LaunchRequest(
                        deployment.image(),
                        "localhost/" + manifest.name() + ":" + manifest.version(),
                        manifest,
                        new Correlation(id, workflow, transaction),
                        deployment.model(),
                        deployment.proxy(),
                        deployment.destinations(),
                        work,
                        Set.of(),
                        processLimits,
                        Optional.of(verified.imageId()));
        System.err.println("run " + id);
        var exit =
                Launcher.run(
                        request,
                        supervision(deployment.supervision(), work),
                        System.out::println,
                        System.err::println);
        System.err.println(
                "ended: %s%s, exit code %d, attempt %d"
                        .formatted(
                                exit.reason(),
                                exit.reason()
                                        .limit()
                                        .map(limit -> " (limit " + limit + ")")
                                        .orElse(""),
                                exit.code(),
                                exit.attempt()));
        exit.seen().forEach(sentence -> System.err.println("seen: " + sentence));
        return exit.reason() == Exit.Reason.COMPLETED && exit.onRecord() ? 0 : Main.FINDING;
    }

    /// The command line goes before the deployment; a deployment's restarts are not for lines,
    /// which cannot be given again.
    private Supervision supervision(Supervision deployed, Work work) {
        if (restarts != null) {
            return new Supervision(deployed.credential(), restarts);
        }
        return work instanceof Work.Lines ? new Supervision(deployed.credential(), 0) : deployed;
    }

    /// Workers of one queue share the agent's name, so that a task that goes from one to another
    /// keeps the name of its run; a file's tasks are numbered anew each day, and share nothing.
    private String runId(Work work, String name) {
        if (run != null) {
            return run;
        }
        return switch (work) {
            case Work.Queue() -> name;
            case Work.Once _, Work.Lines _, Work.Program _ -> "run-" + UUID.randomUUID();
        };
    }
}
