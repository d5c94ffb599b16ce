package dev.casemate.cli;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.container.image.JavaImage;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.probe.Probe;
import dev.casemate.container.launch.trial.ProbeJar;
import dev.casemate.container.launch.trial.SimulatedWorld;
import dev.casemate.container.launch.trial.Trial;
import dev.casemate.container.launch.trial.TrialControl;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "probe",
        description = {
            "Runs an agent's image with a probe in the agent's place, which tries to get out: by"
                    + " system calls and from Java, in a world of network namespaces from which"
                    + " nothing leaves the machine.",
            "Exit code 0 if everything was as expected, 1 if not."
        },
        mixinStandardHelpOptions = true)
final class ProbeCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "The OCI archive from casemate build.")
    private Path image;

    @Option(
            names = "--without",
            paramLabel = "CONTROL",
            description =
                    "Switches a control off: net, seccomp, readonly, caps, user, limits or runtime."
                            + " May be given several times.")
    private List<String> without = List.of();

    @Option(names = "--json", description = "A JSON document in place of the table.")
    private boolean json;

    @Option(
            names = "--document",
            paramLabel = "FILE",
            description =
                    "Tries with every control, without each and with each alone, and writes the page"
                            + " of what holds what, if all is as expected.")
    private @Nullable Path document;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (document != null && (json || !without.isEmpty())) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "expected --document without --json and --without");
        }
        var off = EnumSet.noneOf(TrialControl.class);
        without.forEach(name -> off.add(TrialControl.of(name)));
        Launcher.requireMachine();
        var directory = Files.createTempDirectory("casemate-probe-");
        try {
            return probe(directory, off);
        } finally {
            delete(directory);
        }
    }

    private int probe(Path directory, Set<TrialControl> off)
            throws IOException, InterruptedException {
        var manifest = manifestIn(image, directory.resolve("image"));
        var file = directory.resolve("manifest.json");
        Files.write(file, CanonicalJson.bytes(manifest.toJson()));
        var program = Files.createDirectory(directory.resolve("program"));
        var unsealed = directory.resolve("unsealed.tar");
        boolean built = document != null || off.contains(TrialControl.RUNTIME);
        if (built) {
            build(manifest, directory, unsealed);
        }
        var arguments =
                new ArrayList<>(
                        List.of(
                                image.toAbsolutePath().toString(),
                                unsealed.toString(),
                                file.toString(),
                                program.toString(),
                                document != null ? "page" : json ? "json" : "text"));
        off.forEach(control -> arguments.add(control.option()));
        try (var world = SimulatedWorld.open()) {
            return run(world.java(Trial.class.getName(), arguments), directory);
        } finally {
            if (built) {
                Launcher.removeImage(Launcher.imageId(unsealed));
            }
        }
    }

    /// In a directory that is removed: podman's monitor leaves a file where memory ran out.
    private int run(List<String> command, Path directory) throws IOException, InterruptedException {
        var page = directory.resolve("page");
        var builder = new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
        if (document != null) {
            builder.redirectOutput(page.toFile());
        }
        int exit = builder.start().waitFor();
        if (document != null && exit == 0) {
            Files.copy(page, document, StandardCopyOption.REPLACE_EXISTING);
        }
        return exit;
    }

    /// On a whole JDK, and labelled so: what the sealed runtime holds is seen where it is not.
    private static void build(AgentManifest manifest, Path directory, Path output)
            throws IOException {
        var jar = Files.write(directory.resolve("probe.jar"), ProbeJar.bytes());
        AgentImage.buildUnsealed(
                new ImageRequest(
                        "localhost/" + manifest.name() + "-unsealed:" + manifest.version(),
                        List.of(jar),
                        Probe.class.getName(),
                        manifest,
                        "probe"),
                output,
                Home.imageCache(),
                System.err::println);
    }

    private static AgentManifest manifestIn(Path image, Path directory) throws IOException {
        var jars = JavaImage.unpack(image, Files.createDirectory(directory)).classPath();
        return AgentApplication.read(jars.getFirst().resolveSibling("")).manifest();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
