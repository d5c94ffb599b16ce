package dev.casemate.bench;

import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.agent.analyzer.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A library as a folder: the jars whose public API is asked about, and in `with` what they need.
///
/// @param name of the folder
/// @param api by name
/// @param with by name; may be empty
record Library(String name, List<Path> api, List<Path> with) {

    /// Each folder below one, by name.
    static List<Library> in(Path folder) throws IOException {
        try (var folders = Files.list(folder)) {
            var libraries = new ArrayList<Library>();
            for (var library : folders.sorted().toList()) {
                libraries.add(of(library));
            }
            return List.copyOf(libraries);
        }
    }

    static Library of(Path folder) throws IOException {
        var with = folder.resolve("with");
        return new Library(
                folder.getFileName().toString(),
                jars(folder),
                Files.isDirectory(with) ? jars(with) : List.of());
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    Report report() {
        return Analyzer.analyze(
                Stream.concat(api.stream(), with.stream()).toList(),
                api.stream().map(jar -> Root.publicApi(jar.getFileName().toString())).toList());
    }

    /// The jars by name and version, for example `log4j-core 2.25.2`.
    String versions() {
        return Stream.concat(api.stream(), with.stream())
                .map(jar -> jar.getFileName().toString())
                .map(jar -> jar.replaceFirst("-(\\d.*)\\.jar$", " $1"))
                .collect(Collectors.joining(", "));
    }

    /// Of the first jar.
    String version() {
        return versions().replaceFirst(",.*", "").replaceFirst(".* ", "");
    }

    /// Whether this is a release of the same library.
    boolean isOf(Library other) {
        return name.equals(other.name());
    }
}
