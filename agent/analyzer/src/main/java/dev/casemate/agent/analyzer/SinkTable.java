package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Which capability a call into the JDK has: data, one line per judgement, in `sinks.txt`.
///
/// A line is a pattern, capabilities separated by commas or `none`, and a reason. The narrowest
/// pattern counts: a method with its first parameter's type, a method, a class, a package, a tree
/// of packages. A call that no line judges counts as [Capability#NATIVE]: unknown is not harmless.
final class SinkTable {

    private static final String RESOURCE = "sinks.txt";
    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\S+)\\s+(\\S.*)");
    private static final String ANY_PACKAGE = "**";

    private static final String THROWABLE = "java/lang/Throwable";
    private static final Sink EXCEPTION = new Sink("exceptions", Set.of(), "carries a message");

    /// One judgement.
    ///
    /// @param capabilities empty for a call that has none
    record Sink(String pattern, Set<Capability> capabilities, String reason) {}

    private final Map<String, Sink> byPattern;
    private final Sink unjudged;
    private final Digest digest;

    private SinkTable(Map<String, Sink> byPattern, Sink unjudged, Digest digest) {
        this.byPattern = Collections.unmodifiableMap(byPattern);
        this.unjudged = unjudged;
        this.digest = digest;
    }

    /// The table that ships with the analyzer.
    static SinkTable shipped() {
        return read(resource(RESOURCE));
    }

    /// A table that ships with the analyzer, as text.
    static String resource(String name) {
        try (var in = SinkTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AnalyzerException(Code.BROKEN_TABLE, "expected the resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws AnalyzerException with code `BROKEN_TABLE` and the line's number
    static SinkTable read(String text) {
        var byPattern = lines(text);
        var unjudged = byPattern.get(ANY_PACKAGE);
        if (unjudged == null) {
            throw broken(
                    (int) text.lines().count(), "a line for ** that judges what no other does");
        }
        return new SinkTable(byPattern, unjudged, Digest.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// @throws AnalyzerException with code `BROKEN_TABLE` and the line's number
    static Map<String, Sink> lines(String text) {
        var byPattern = new LinkedHashMap<String, Sink>();
        var lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            var sink = sink(line, i + 1);
            if (byPattern.putIfAbsent(sink.pattern(), sink) != null) {
                throw broken(i + 1, "each pattern once");
            }
        }
        return Collections.unmodifiableMap(byPattern);
    }

    private static Sink sink(String line, int number) {
        var parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw broken(number, "a pattern, capabilities and a reason");
        }
        return new Sink(parts.group(1), capabilities(parts.group(2), number), parts.group(3));
    }

    private static Set<Capability> capabilities(String words, int number) {
        var capabilities = EnumSet.noneOf(Capability.class);
        if (!words.equals("none")) {
            for (var word : words.split(",", -1)) {
                capabilities.add(
                        Arrays.stream(Capability.values())
                                .filter(capability -> capability.word().equals(word))
                                .findFirst()
                                .orElseThrow(() -> broken(number, "known capabilities, or none")));
            }
        }
        return Collections.unmodifiableSet(capabilities);
    }

    private static AnalyzerException broken(int line, String expected) {
        return new AnalyzerException(Code.BROKEN_TABLE, "line " + line + ": expected " + expected);
    }

    Digest digest() {
        return digest;
    }

    Map<String, Sink> lines() {
        return byPattern;
    }

    /// The judgement of a call into the JDK.
    ///
    /// @param called as the call names it; its owner may be a shipped subclass of a JDK type
    /// @param declaring the type that declares the method
    Sink judge(Program program, MethodId called, String declaring) {
        var first = firstParameter(called);
        // Constructors are not inherited: the class's own line counts before its superclass's.
        var types =
                called.isConstructor()
                        ? Set.of(called.owner())
                        : program.supertypes(called.owner());
        for (var type : types) {
            var method = type.replace('/', '.') + "#" + called.name();
            var sink =
                    first.map(parameter -> byPattern.get(method + "(" + parameter + ")"))
                            .or(() -> Optional.ofNullable(byPattern.get(method)));
            if (sink.isPresent()) {
                return sink.get();
            }
        }
        return ofClass(declaring)
                .or(() -> ofClass(called.owner()))
                .or(() -> ofException(program, called.owner()))
                .or(() -> ofPackage(program, called.owner()))
                .or(() -> ofPackage(program, declaring))
                .orElseGet(() -> unjudged(declaring));
    }

    private Sink unjudged(String declaring) {
        return new Sink(
                unjudged.pattern(),
                unjudged.capabilities(),
                unjudged.reason() + ": " + TypeFacts.packageOf(declaring));
    }

    private static Optional<Sink> ofException(Program program, String type) {
        return program.supertypes(type).contains(THROWABLE)
                ? Optional.of(EXCEPTION)
                : Optional.empty();
    }

    private Optional<Sink> ofClass(String type) {
        var name = type.replace('/', '.');
        return Optional.ofNullable(byPattern.get(name));
    }

    private Optional<Sink> ofPackage(Program program, String type) {
        if (program.isShipped(type)) {
            return Optional.empty();
        }
        var name = TypeFacts.packageOf(type);
        var exact = byPattern.get(name + ".*");
        if (exact != null) {
            return Optional.of(exact);
        }
        while (!name.isEmpty()) {
            var tree = byPattern.get(name + ".**");
            if (tree != null) {
                return Optional.of(tree);
            }
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
        return Optional.empty();
    }

    private static Optional<String> firstParameter(MethodId method) {
        var descriptor = method.descriptor();
        if (descriptor.startsWith("(L")) {
            return Optional.of(descriptor.substring(2, descriptor.indexOf(';')).replace('/', '.'));
        }
        return Optional.empty();
    }
}
