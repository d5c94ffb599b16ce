package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.governance.Demonstration;
import dev.casemate.governance.RealModel;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description =
                "Runs the example agent for real, then lets a hostile model try the seven threats.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--agent",
            description = "Directory of a compiled agent's jars (default: the market analyst).")
    private Path agent = Home.exampleApplication();

    @Option(names = "--rehearsal", description = "Directory of that agent's stage.json.")
    private Path rehearsal = Home.exampleRehearsal();

    @ArgGroup(exclusive = false)
    private @Nullable ModelOptions model;

    /// A real model in place of the rehearsal model.
    static final class ModelOptions {
        @Option(names = "--model-url", required = true, description = "Up to and including /v1.")
        private URI url;

        @Option(names = "--model", required = true, description = "The provider's name for it.")
        private String name;

        @Option(names = "--model-key-file", required = true, description = "File with the key.")
        private Path keyFile;

        @Option(names = "--input-usd", defaultValue = "0.15", description = "Per million tokens.")
        private String inputUsd;

        @Option(names = "--output-usd", defaultValue = "0.60", description = "Per million tokens.")
        private String outputUsd;

        RealModel toRealModel() {
            return new RealModel(url, name, keyFile, inputUsd, outputUsd);
        }
    }

    @Override
    public Integer call() {
        var demonstration =
                new Demonstration(
                        AgentApplication.read(agent),
                        rehearsal,
                        Home.directory().resolve("target/demo"),
                        Home.imageCache(),
                        Optional.ofNullable(model).map(ModelOptions::toRealModel),
                        System.out);
        return demonstration.run() ? 0 : Main.FINDING;
    }
}
