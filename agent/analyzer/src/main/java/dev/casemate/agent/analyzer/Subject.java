package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.AgentManifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What an analysis is asked about.
///
/// @param jars the whole class path, in its order
/// @param roots where execution starts; at least one
/// @param runtime the file `lib/modules` of the Java that runs it; empty for the JDK that runs the
///   analysis
/// @param manifest what the application declares; empty for what is no agent
public record Subject(
        List<Path> jars,
        List<Root> roots,
        Optional<Path> runtime,
        Optional<AgentManifest> manifest) {

    private static final String SUFFIX = ".jar";

    public Subject {
        jars = List.copyOf(jars);
        roots = List.copyOf(roots);
        if (jars.isEmpty()) {
            throw new AnalyzerException(Code.UNREADABLE_JAR, "expected at least one jar");
        }
        if (roots.isEmpty()) {
            throw new AnalyzerException(Code.NO_ROOT, "expected at least one root");
        }
    }

    /// An agent: its main method and each of its tools.
    public static Subject of(AgentApplication agent) {
        return new Subject(
                agent.jars(),
                List.of(Root.main(agent.mainClass()), Root.tools()),
                Optional.empty(),
                Optional.of(agent.manifest()));
    }

    /// A program with a spelled-out class path; an agent's tools are roots as well.
    public static Subject of(List<Path> classPath, String mainClass) {
        var manifest =
                classPath.stream()
                        .flatMap(jar -> AgentApplication.manifestIn(jar).stream())
                        .findFirst();
        var main = Root.main(mainClass);
        return new Subject(
                classPath,
                manifest.isPresent() ? List.of(main, Root.tools()) : List.of(main),
                Optional.empty(),
                manifest);
    }

    /// Whatever a path leads to: a directory with an agent or with jars of which one starts, or a
    /// jar with those that its `Class-Path` names. A jar that does not start is a library: its
    /// public API is the root.
    ///
    /// @param from roots instead of those; empty for those
    /// @throws AnalyzerException if it is neither, or if more than one jar could start
    public static Subject open(Path path, List<Root> from) {
        if (!Files.isDirectory(path)) {
            var jars = classPath(path);
            return new Subject(
                    jars,
                    from.isEmpty() ? rootsOf(path) : from,
                    Optional.empty(),
                    AgentApplication.manifestIn(path));
        }
        var jars = AgentApplication.jarsIn(path);
        if (jars.stream().anyMatch(jar -> AgentApplication.manifestIn(jar).isPresent())) {
            var agent = of(AgentApplication.read(path));
            return from.isEmpty() ? agent : agent.from(from);
        }
        return new Subject(
                jars, from.isEmpty() ? startsIn(jars) : from, Optional.empty(), Optional.empty());
    }

    /// The same, started elsewhere.
    public Subject from(List<Root> others) {
        return new Subject(jars, others, runtime, manifest);
    }

    /// The same, on another Java.
    ///
    /// @param modules its file `lib/modules`
    public Subject on(Path modules) {
        return new Subject(jars, roots, Optional.of(modules), manifest);
    }

    private static List<Root> startsIn(List<Path> jars) {
        var starts = new ArrayList<Root>();
        for (var jar : jars) {
            var attributes = JarAttributes.read(jar);
            if (attributes.starts()) {
                if (!starts.isEmpty()) {
                    throw new AnalyzerException(
                            Code.NO_ROOT,
                            "expected one jar with a Main-Class; there are more, so name the root");
                }
                starts.addAll(attributes.roots(jar.getFileName().toString()));
            }
        }
        if (starts.isEmpty()) {
            throw new AnalyzerException(
                    Code.NO_ROOT, "expected a jar with a Main-Class; there is none: name the root");
        }
        return starts;
    }

    private static List<Root> rootsOf(Path jar) {
        var attributes = JarAttributes.read(jar);
        var name = jar.getFileName().toString();
        if (!attributes.starts()) {
            return List.of(Root.publicApi(name));
        }
        var roots = new ArrayList<>(attributes.roots(name));
        if (AgentApplication.manifestIn(jar).isPresent()) {
            roots.add(Root.tools());
        }
        return roots;
    }

    // As `java -jar` finds it: a name that leads to no file is passed over.
    private static List<Path> classPath(Path first) {
        var path = new TreeSet<Path>();
        var ordered = new ArrayList<Path>();
        var next = new ArrayList<>(List.of(first));
        while (!next.isEmpty()) {
            var jar = next.removeFirst();
            if (!path.add(jar.toAbsolutePath().normalize())) {
                continue;
            }
            ordered.add(jar);
            for (var name : JarAttributes.read(jar).classPath()) {
                next.add(inSameDirectory(jar, name));
            }
            next.removeIf(other -> !Files.isRegularFile(other));
        }
        return ordered;
    }

    private static Path inSameDirectory(Path jar, String name) {
        var named = jar.resolveSibling(name);
        if (!name.endsWith(SUFFIX) || name.contains(":")) {
            throw new AnalyzerException(
                    Code.UNREADABLE_JAR,
                    "expected the Class-Path of "
                            + jar.getFileName()
                            + " to name jars by relative paths");
        }
        return named;
    }
}
