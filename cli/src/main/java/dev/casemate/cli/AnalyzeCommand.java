package dev.casemate.cli;

import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Subject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "analyze",
        description = "Says which capabilities a compiled agent's bytecode can reach, and how.",
        mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "Directory of the agent's jars, libraries included.")
    private Path application;

    @Option(names = "--json", description = "Prints the report as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        var subject = Subject.open(application, List.of());
        var report = Analyzer.analyze(subject);
        System.out.println(json ? report.toJson().text() : report.text());
        var undeclared = subject.manifest().map(report::undeclared).orElse(Set.of());
        if (!undeclared.isEmpty()) {
            System.err.println("reachable but not declared in the manifest: " + undeclared);
            return Main.FINDING;
        }
        return 0;
    }
}
