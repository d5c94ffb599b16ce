package dev.casemate.agent.analyzer;

import java.nio.file.Path;
import java.util.List;

/// Asks of shipped bytecode which capabilities it can reach, and by which path.
public final class Analyzer {

    private Analyzer() {}

    /// @param jars the whole class path of the agent, in its order
    /// @param roots where execution starts; at least one
    /// @throws AnalyzerException if anything could not be read: never an empty answer instead
    public static Report analyze(List<Path> jars, List<Root> roots) {
        throw new UnsupportedOperationException();
    }
}
