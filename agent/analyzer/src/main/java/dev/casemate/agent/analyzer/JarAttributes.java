package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.MethodFacts.Code;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/// What a jar's own manifest says to the `java` command.
///
/// @param main the class whose main method runs
/// @param start the class that a launcher packed into the jar starts in turn
/// @param agent the class that runs before main, in a Java agent
/// @param classPath names of further jars, relative to this one
/// @param grants attributes that give the jar more than other code has, by name
record JarAttributes(
        Optional<String> main,
        Optional<String> start,
        Optional<String> agent,
        List<String> classPath,
        List<String> grants) {

    // Of Spring Boot; its loader reads it and calls the class by reflection.
    private static final Attributes.Name START_CLASS = new Attributes.Name("Start-Class");
    private static final Attributes.Name LAUNCHER_AGENT =
            new Attributes.Name("Launcher-Agent-Class");

    /// What `java -jar` does at the word of an attribute, as the methods that would do it in code.
    private static final Map<String, MethodId> GRANTS =
            new TreeMap<>(
                    Map.of(
                            "Add-Exports", controller("addExports"),
                            "Add-Opens", controller("addOpens"),
                            "Enable-Native-Access", controller("enableNativeAccess")));

    private static MethodId controller(String method) {
        var descriptor = "(Ljava/lang/Module;Ljava/lang/String;Ljava/lang/Module;)V";
        return new MethodId("java/lang/ModuleLayer$Controller", method, descriptor);
    }

    /// @throws AnalyzerException with code `UNREADABLE_JAR`
    static JarAttributes read(Path path) {
        try (var jar = new JarFile(path.toFile())) {
            return of(jar);
        } catch (IOException | SecurityException e) {
            throw new AnalyzerException(
                    AnalyzerException.Code.UNREADABLE_JAR,
                    "expected a whole jar: " + path.getFileName(),
                    e);
        }
    }

    static JarAttributes of(JarFile jar) throws IOException {
        var manifest = jar.getManifest();
        var attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
        var classPath = value(attributes, Attributes.Name.CLASS_PATH);
        return new JarAttributes(
                value(attributes, Attributes.Name.MAIN_CLASS),
                value(attributes, START_CLASS),
                value(attributes, LAUNCHER_AGENT),
                classPath.map(names -> List.of(names.split("\\s+"))).orElse(List.of()),
                GRANTS.keySet().stream()
                        .filter(name -> attributes.getValue(name) != null)
                        .toList());
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

    /// Where execution starts if it is the jar that starts, the main method first.
    ///
    /// @param origin the jar's name
    List<Root> roots(String origin) {
        var roots = new ArrayList<Root>();
        main.map(Root::main).ifPresent(roots::add);
        start.map(Root::main).ifPresent(roots::add);
        agent.map(type -> Root.method(type, "agentmain")).ifPresent(roots::add);
        if (!grants.isEmpty()) {
            roots.add(Root.every(typeName(origin).replace('/', '.')));
        }
        return roots;
    }

    /// The attributes that grant something, as a class with a method for each: what the JDK does
    /// for them is then judged like a call.
    Optional<TypeFacts> asType(String origin) {
        if (grants.isEmpty()) {
            return Optional.empty();
        }
        var name = typeName(origin);
        var methods = new TreeMap<String, MethodFacts>();
        for (var grant : grants) {
            var id = new MethodId(name, grant, "()V");
            var call = new MethodFacts.Call(Objects.requireNonNull(GRANTS.get(grant)), false);
            methods.put(
                    id.signature(),
                    new MethodFacts(
                            id, Modifier.STATIC, Code.NONE.calling(call), false, Optional.empty()));
        }
        return Optional.of(
                new TypeFacts(
                        name,
                        Modifier.FINAL | Modifier.ABSTRACT,
                        List.of(TypeFacts.OBJECT),
                        Collections.unmodifiableMap(methods),
                        true));
    }

    private static String typeName(String origin) {
        return (origin + "!/" + JarFile.MANIFEST_NAME).replace('.', '/');
    }
}
