package dev.casemate.cli;

import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.manifest.Correlation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Runs one agent on one task, contained; its events go to standard output.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Option(names = "--config", required = true, description = "The configuration file.")
    private Path config;

    @Parameters(index = "0", description = "The agent's name under deployments.")
    private String agent;

    @Parameters(index = "1", description = "The task.")
    private String task;

    @Option(names = "--run-id", description = "Default: a new one.")
    private String run = "run-" + UUID.randomUUID();

    @Option(names = "--workflow", defaultValue = "none", description = "The workflow's id.")
    private String workflow;

    @Option(
            names = "--transaction",
            defaultValue = "none",
            description = "The business transaction's id.")
    private String transaction;

    @Override
    public Integer call() {
        var deployment = AgentDeployment.read(config, agent);
        var manifest = deployment.manifest();
        var request =
                new LaunchRequest(
                        deployment.image(),
                        "localhost/" + manifest.name() + ":" + manifest.version(),
                        manifest,
                        new Correlation(run, workflow, transaction),
                        deployment.model(),
                        deployment.proxy(),
                        deployment.destinations(),
                        List.of(task),
                        Set.of());
        System.err.println("run " + run);
        var exit = Launcher.run(request, System.out::println, System.err::println);
        System.err.println("ended: " + exit.reason() + ", exit code " + exit.code());
        return exit.reason() == Exit.Reason.COMPLETED ? 0 : Main.FINDING;
    }
}
