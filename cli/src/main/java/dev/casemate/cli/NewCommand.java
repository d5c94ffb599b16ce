package dev.casemate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "new",
        description = "Makes the project of a new agent, which compiles, tests, builds and runs.",
        mixinStandardHelpOptions = true)
final class NewCommand implements Callable<Integer> {

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The agent's name, or a path that ends with it; the project goes there.")
    private Path directory;

    @Option(names = "--package", description = "Of its classes; default: com.example and the name.")
    private @Nullable String packageName;

    @Override
    public Integer call() throws IOException {
        var names = names();
        var target = directory.toAbsolutePath().normalize();
        requireRoom(target);
        var version =
                AgentRepository.fill(Home.repository(), Home.directory(), Home.agentLibraries());
        new ProjectTemplate(names, version, Home.repository()).write(target);
        System.out.println(
                """
                %s: an agent with two tools, its tests and its evaluation, on Casemate %s

                  cd %s
                  mvn verify                                    # compiles, tests, looks at what ships: target/app
                  casemate analyze target/app                   # what its bytecode can reach, and how
                  casemate eval target/app --suite evaluation   # the evaluation suite, without a model
                  casemate build target/app --output %s.oci.tar --manifest %s.json

                casemate is %s.
                %s goes on from there: another tool, a proxy, a first contained run.\
                """
                        .formatted(
                                names.agent(),
                                version,
                                target,
                                names.agent(),
                                names.agent(),
                                Home.directory().resolve("casemate"),
                                Home.directory().resolve("docs/write-an-agent.md")));
        return 0;
    }

    private ProjectNames names() {
        var name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        try {
            return packageName == null ? ProjectNames.of(name) : ProjectNames.of(name, packageName);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), String.valueOf(e.getMessage()));
        }
    }

    private void requireRoom(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        boolean empty = false;
        if (Files.isDirectory(target)) {
            try (var files = Files.list(target)) {
                empty = files.findAny().isEmpty();
            }
        }
        if (!empty) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this),
                    "expected a new directory or an empty one, and "
                            + target
                            + " has something in it");
        }
    }
}
