package dev.casemate.cli;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `casemate` command.
///
/// Exit codes: 0 done; 1 a finding, or what was asked for did not succeed; 2 wrong usage; 70 an
/// error.
@Command(
        name = "casemate",
        description = "Containment for production AI agents.",
        mixinStandardHelpOptions = true,
        version = "casemate 0.1.0",
        subcommands = {
            DemoCommand.class,
            NewCommand.class,
            ManifestCommand.class,
            ModelCommand.class,
            ProxyCommand.class,
            RunCommand.class,
            ProbeCommand.class,
            BuildCommand.class,
            VerifyCommand.class,
            PushCommand.class,
            KeyCommand.class,
            RenderCommand.class,
            AnalyzeCommand.class,
            EvalCommand.class,
            JudgeManifestCommand.class,
            AuditCommand.class
        })
public final class Main {

    static final int FINDING = 1;
    private static final int ERROR = 70;

    // Held, because java.util.logging forgets loggers that nobody holds.
    private static final Logger LIBRARIES = Logger.getLogger("");

    private Main() {}

    public static void main(String[] arguments) {
        LIBRARIES.setLevel(Level.WARNING);
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("casemate: " + failure.getMessage());
                    if (System.getProperty("casemate.trace") != null) {
                        failure.printStackTrace(command.getErr());
                    }
                    return ERROR;
                })
                .execute(arguments);
    }
}
