package dev.casemate.agent.analyzer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Asks of shipped bytecode which capabilities it can reach, and by which path.
///
/// Passes over immutable models: [JarReader] reads the jars, [Program] joins them with the JDK's
/// hierarchy, [Reachability] finds what the roots reach, [SinkTable] judges each call into the JDK,
/// [Findings] tells what of it counts, each with a path out of [ShortestPaths].
public final class Analyzer {

    private Analyzer() {}

    /// @param jars the whole class path of the agent, in its order
    /// @param roots where execution starts; at least one
    /// @throws AnalyzerException if anything could not be read: never an empty answer instead
    public static Report analyze(List<Path> jars, List<Root> roots) {
        if (roots.isEmpty()) {
            throw new AnalyzerException(
                    AnalyzerException.Code.UNKNOWN_ROOT, "expected at least one root");
        }
        var read = jars.stream().map(JarReader::read).toList();
        var program = Program.of(read, new Platform());
        var table = SinkTable.shipped();
        var graph = Reachability.from(roots, program, table);
        var found = Findings.in(graph, program, roots);
        return new Report(
                read.stream().map(JarReader.Jar::origin).toList(),
                "Java " + Runtime.version().feature(),
                roots.stream().map(Root::display).toList(),
                found.witnesses(),
                found.uses(),
                assumptions(graph),
                Map.of("sinks", table.digest()),
                found.methods());
    }

    private static List<String> assumptions(CallGraph graph) {
        var assumptions =
                new ArrayList<>(
                        List.of(
                                "The class path is exactly these jars, and the run time is Java "
                                        + Runtime.version().feature()
                                        + " with no agent, no patch and no further module path.",
                                "The JDK does what the sink table says of its methods; its own"
                                        + " code is not followed.",
                                "The JDK may call any shipped method that overrides one of its"
                                        + " own, once the type has an instance; it calls no other.",
                                "A capability that an object of the JDK holds is counted where"
                                        + " shipped code makes or uses that object under a type"
                                        + " that the table judges.",
                                "Reflection is followed only to shipped classes that a string"
                                        + " constant names, or a class literal in the method that"
                                        + " reflects; whatever else it calls stands behind the"
                                        + " capability reflection.",
                                "Service providers are those of META-INF/services in these jars.",
                                "Native code, and classes defined at run time, may do anything:"
                                        + " they stand behind native and class-definition."));
        if (!graph.missing().isEmpty()) {
            assumptions.add(
                    "Referred to, but neither shipped nor of the JDK, so that using them fails: "
                            + String.join(
                                    ", ",
                                    graph.missing().stream()
                                            .map(name -> name.replace('/', '.'))
                                            .toList())
                            + ".");
        }
        return assumptions;
    }
}
