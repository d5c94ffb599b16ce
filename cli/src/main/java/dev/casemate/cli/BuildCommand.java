package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "build",
        description = "Builds the sealed image of a compiled agent.",
        mixinStandardHelpOptions = true)
final class BuildCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "Directory of the agent's jars, libraries included.")
    private Path application;

    @Option(names = "--output", required = true, description = "Where the OCI archive goes.")
    private Path output;

    @Option(names = "--manifest", description = "Where a copy of the agent's manifest goes.")
    private @Nullable Path manifestCopy;

    @Option(
            names = "--revision",
            defaultValue = "unknown",
            description = "Version-control revision that the jars were built from.")
    private String revision;

    @Override
    public Integer call() throws IOException {
        var agent = AgentApplication.read(application);
        var manifest = agent.manifest();
        System.err.println("analyzing what the bytecode can reach");
        var report = Analyzer.analyze(Subject.of(agent));
        var undeclared = report.undeclared(manifest);
        if (!undeclared.isEmpty()) {
            System.err.println(report.text());
            System.err.println(
                    "not built: reachable but not declared in the manifest: " + undeclared);
            return Main.FINDING;
        }
        var request =
                new ImageRequest(
                        "localhost/" + manifest.name() + ":" + manifest.version(),
                        agent.jars(),
                        agent.mainClass(),
                        manifest,
                        revision);
        var image = AgentImage.build(request, output, Home.imageCache(), System.err::println);
        if (manifestCopy != null) {
            Files.write(manifestCopy, CanonicalJson.bytes(manifest.toJson()));
        }
        System.out.println("image    " + image.reference());
        System.out.println("digest   " + image.digest());
        System.out.println("manifest " + image.agentManifest());
        return 0;
    }
}
