package dev.casemate.bench;

import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Root;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

/// The most that an analysis of a class path can be asked for: the public API of each jar.
public final class EveryApi {

    private EveryApi() {}

    /// Argument: a directory of jars.
    public static void main(String[] arguments) throws IOException {
        try (var files = Files.list(Path.of(arguments[0]))) {
            var jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            var roots =
                    jars.stream()
                            .filter(EveryApi::hasClasses)
                            .map(jar -> Root.publicApi(jar.getFileName().toString()))
                            .toList();
            System.out.println(Analyzer.analyze(jars, roots).text());
        }
    }

    // A starter has none, and a jar without a public method is no root.
    private static boolean hasClasses(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream().anyMatch(entry -> entry.getName().endsWith(".class"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
