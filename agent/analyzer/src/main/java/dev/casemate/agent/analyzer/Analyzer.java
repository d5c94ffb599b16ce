package dev.casemate.agent.analyzer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Asks of shipped bytecode which capabilities it can reach, and by which path.
///
/// Passes over immutable models: [JarReader] reads the jars, [Program] joins them with the JDK's
/// hierarchy, [Reachability] finds what the roots reach, [SinkTable] judges each call into the JDK,
/// [Findings] tells what of it counts, each with a path out of [ShortestPaths].
public final class Analyzer {

    private Analyzer() {}

    /// How a jar is come by: a jar and those within it.
    private interface Reading {
        List<JarReader.Jar> read(Path jar, Runtime.Version java);
    }

    /// @param jars the whole class path, in its order
    /// @param roots where execution starts; at least one
    /// @throws AnalyzerException if anything could not be read: never an empty answer instead
    public static Report analyze(List<Path> jars, List<Root> roots) {
        return analyze(new Subject(jars, roots, Optional.empty(), Optional.empty()));
    }

    /// @throws AnalyzerException if anything could not be read: never an empty answer instead
    public static Report analyze(Subject subject) {
        return analyze(subject, JarReader::read);
    }

    /// The same, with what was read of a jar kept for the next analysis, by its digest. The answer
    /// is as good as that directory: a gate does without.
    ///
    /// @param cache made if missing
    public static Report analyze(Subject subject, Path cache) {
        return analyze(subject, new FactsCache(cache)::read);
    }

    private static Report analyze(Subject subject, Reading reading) {
        try (var platform = subject.runtime().map(Platform::of).orElseGet(Platform::running)) {
            var jars = read(subject.jars(), platform.version(), reading);
            var program = Program.of(jars, platform);
            var roots = subject.roots().stream().flatMap(root -> each(root, program)).toList();
            var sinks = SinkTable.shipped();
            var assumptions = Assumptions.shipped();
            var graph = Reachability.from(roots, program, sinks);
            var found = Findings.in(graph, program, roots);
            return new Report(
                    jars.stream().map(JarReader.Jar::origin).toList(),
                    platform.display(),
                    roots.stream().map(Root::display).toList(),
                    found.witnesses(),
                    found.uses(),
                    assumptions.of(program, graph),
                    Map.of(
                            "assumptions", assumptions.digest(),
                            "insides", Insides.shipped().digest(),
                            "sinks", sinks.digest()),
                    found.methods());
        }
    }

    // Each jar is read for itself; the order is that of the class path all the same. A jar that
    // cannot be read says so when all are read: nobody is at the cache any more when this ends.
    private static List<JarReader.Jar> read(
            List<Path> jars, Runtime.Version java, Reading reading) {
        var outcomes = jars.parallelStream().map(jar -> outcome(jar, java, reading)).toList();
        return outcomes.stream().map(Supplier::get).flatMap(List::stream).toList();
    }

    private static Supplier<List<JarReader.Jar>> outcome(
            Path jar, Runtime.Version java, Reading reading) {
        try {
            var read = reading.read(jar, java);
            return () -> read;
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
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
}
