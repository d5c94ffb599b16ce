package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/// What a jar's own manifest says to the `java` command.
///
/// @param main the class whose main method runs
/// @param start the class that a launcher packed into the jar starts in turn
/// @param agent the class that runs before main, in a Java agent
/// @param classPath names of further jars, relative to this one
record JarAttributes(
        Optional<String> main,
        Optional<String> start,
        Optional<String> agent,
        List<String> classPath) {

    // Of Spring Boot; its loader reads it and calls the class by reflection.
    private static final Attributes.Name START_CLASS = new Attributes.Name("Start-Class");
    private static final Attributes.Name LAUNCHER_AGENT =
            new Attributes.Name("Launcher-Agent-Class");

    /// @throws AnalyzerException with code `UNREADABLE_JAR`
    static JarAttributes read(Path path) {
        try (var jar = new JarFile(path.toFile())) {
            var manifest = jar.getManifest();
            return of(manifest == null ? new Manifest() : manifest);
        } catch (IOException | SecurityException e) {
            throw new AnalyzerException(
                    Code.UNREADABLE_JAR, "expected a whole jar: " + path.getFileName(), e);
        }
    }

    private static JarAttributes of(Manifest manifest) {
        var attributes = manifest.getMainAttributes();
        var classPath = value(attributes, Attributes.Name.CLASS_PATH);
        return new JarAttributes(
                value(attributes, Attributes.Name.MAIN_CLASS),
                value(attributes, START_CLASS),
                value(attributes, LAUNCHER_AGENT),
                classPath.map(names -> List.of(names.split("\\s+"))).orElse(List.of()));
    }

    private static Optional<String> value(Attributes attributes, Attributes.Name name) {
        return Optional.ofNullable(attributes.getValue(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /// Whether `java -jar` runs it.
    boolean starts() {
        return main.isPresent();
    }

    /// Where its execution starts, the main method first.
    List<Root> roots() {
        var roots = new ArrayList<Root>();
        main.map(Root::main).ifPresent(roots::add);
        start.map(Root::main).ifPresent(roots::add);
        agent.map(type -> Root.method(type, "agentmain")).ifPresent(roots::add);
        return roots;
    }
}
