package dev.casemate.agent.analyzer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Asks of shipped bytecode which capabilities it can reach, and by which path.
///
/// Passes over immutable models: [JarReader] reads the jars, [Program] joins them with the JDK's
/// hierarchy, [Reachability] finds what the roots reach, [SinkTable] judges each call into the JDK,
/// [Findings] tells what of it counts, each with a path out of [ShortestPaths].
public final class Analyzer {

    private Analyzer() {}

    /// @param jars the whole class path, in its order
    /// @param roots where execution starts; at least one
    /// @throws AnalyzerException if anything could not be read: never an empty answer instead
    public static Report analyze(List<Path> jars, List<Root> roots) {
        return analyze(new Subject(jars, roots, Optional.empty(), Optional.empty()));
    }

    /// @throws AnalyzerException if anything could not be read: never an empty answer instead
    public static Report analyze(Subject subject) {
        var read = subject.jars().stream().map(JarReader::read).toList();
        var program = Program.of(read, new Platform());
        var roots = subject.roots().stream().flatMap(root -> each(root, program)).toList();
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

    private static Stream<Root> each(Root root, Program program) {
        return root instanceof Root.Tools
                ? program.shipped().stream()
                        .flatMap(type -> type.methods().values().stream())
                        .flatMap(method -> tool(method).stream())
                : Stream.of(root);
    }

    private static Optional<Root> tool(MethodFacts method) {
        var id = method.id();
        return method.tool().map(name -> Root.tool(name, id.owner().replace('/', '.'), id.name()));
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
