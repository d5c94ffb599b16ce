package dev.casemate.cli;

import dev.casemate.container.deploy.Place;
import dev.casemate.container.deploy.Platform;
import dev.casemate.container.deploy.Rendering;
import dev.casemate.container.deploy.Subject;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "render",
        description = {
            "Writes an agent, on one task or as a worker, or the proxy as descriptors of a platform:"
                    + " k8s, ecs, spcs or podman.",
            "Each ends with what that platform cannot enforce. Nothing is deployed."
        },
        mixinStandardHelpOptions = true)
final class RenderCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "PLATFORM", description = "k8s, ecs, spcs or podman.")
    private String platform;

    @Parameters(index = "1", arity = "0..1", description = "The agent's task.")
    private @Nullable String task;

    @Option(
            names = "--bindings",
            required = true,
            paramLabel = "FILE",
            description = "What the names are bound to; see docs/bindings.yaml.")
    private Path bindings;

    @Option(names = "--worker", description = "The agent as a worker of the proxy's queue.")
    private boolean worker;

    @Option(names = "--proxy", description = "The proxy in place of an agent.")
    private boolean proxy;

    @Option(
            names = "--output",
            paramLabel = "DIRECTORY",
            description = "Where the files go. Default: standard output.")
    private @Nullable Path output;

    @Option(
            names = "--run-id",
            description = "Of the task's run, different for each; a worker's is the agent's name.")
    private @Nullable String run;

    @Option(names = "--workflow", defaultValue = "none", description = "The workflow's id.")
    private String workflow;

    @Option(
            names = "--transaction",
            defaultValue = "none",
            description = "The business transaction's id.")
    private String transaction;

    @Override
    public Integer call() throws IOException {
        if (Stream.of(task != null, worker, proxy).filter(given -> given).count() != 1) {
            throw usage("expected a task, or --worker, or --proxy");
        }
        if (task != null && run == null) {
            throw usage("expected --run-id: the same command gives the same bytes");
        }
        var file = BindingsFile.read(bindings);
        var place = file.place(platform());
        var rendering = Rendering.of(place, subject(file, place));
        if (output == null) {
            print(rendering);
        } else {
            write(rendering, output);
        }
        return 0;
    }

    private Platform platform() {
        return Arrays.stream(Platform.values())
                .filter(known -> known.word().equals(platform))
                .findFirst()
                .orElseThrow(() -> usage("expected k8s, ecs, spcs or podman"));
    }

    private Subject subject(BindingsFile file, Place place) {
        if (proxy) {
            return file.proxy(place);
        }
        var id = run == null ? file.agentName() : run;
        return file.agent(Optional.ofNullable(task), new Correlation(id, workflow, transaction));
    }

    private static void print(Rendering rendering) {
        for (var file : rendering.files()) {
            if (rendering.files().size() > 1) {
                System.out.println("==> " + file.name() + " <==");
            }
            System.out.print(file.text());
        }
    }

    private static void write(Rendering rendering, Path directory) throws IOException {
        for (var file : rendering.files()) {
            var target = directory.resolve(file.name());
            Files.createDirectories(target.resolveSibling(""));
            Files.writeString(target, file.text());
            System.out.println(target);
        }
        System.err.println(
                "%d things that %s cannot enforce: at the end of %s"
                        .formatted(
                                rendering.gaps().size(),
                                rendering.platform().title(),
                                rendering.files().getFirst().name()));
    }

    private CommandLine.ParameterException usage(String expected) {
        return new CommandLine.ParameterException(new CommandLine(this), expected);
    }
}
