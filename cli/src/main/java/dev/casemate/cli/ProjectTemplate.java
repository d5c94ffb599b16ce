package dev.casemate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The files of a new agent's project, from the resources in folder `project`.
///
/// A word between two `@` in them stands for a name; see [#names].
///
/// @param version of Casemate's libraries, as the repository has them
/// @param repository where they are
record ProjectTemplate(ProjectNames names, String version, Path repository) {

    /// Writes all files.
    ///
    /// @param directory is there, or is made
    void write(Path directory) throws IOException {
        for (var file : files().entrySet()) {
            var target = directory.resolve(file.getKey());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.writeString(target, filled(file.getValue()));
        }
    }

    /// Path in the project to resource.
    private Map<String, String> files() {
        var main = "src/main/java/" + names.folder() + "/";
        var test = "src/test/java/" + names.folder() + "/";
        var files = new LinkedHashMap<String, String>();
        files.put("pom.xml", "pom.xml");
        files.put("README.md", "README.md.txt");
        files.put(".gitignore", "gitignore.txt");
        files.put(".mvn/maven.config", "maven.config");
        files.put(main + names.className() + ".java", "Agent.java.txt");
        files.put(main + "Main.java", "Main.java.txt");
        files.put(test + names.className() + "Test.java", "AgentTest.java.txt");
        files.put("evaluation/suite.yaml", "suite.yaml");
        files.put("evaluation/dates.yaml", "dates.yaml");
        return files;
    }

    private String filled(String resource) throws IOException {
        var text = text(resource);
        for (var place : places().entrySet()) {
            text = text.replace("@" + place.getKey() + "@", place.getValue());
        }
        return text;
    }

    private Map<String, String> places() {
        return Map.of(
                "name", names.agent(),
                "Class", names.className(),
                "package", names.packageName(),
                "folder", names.folder(),
                "version", version,
                "repository", url(repository));
    }

    /// As Maven reads it in a pom.
    private static String url(Path directory) {
        return directory.toUri().toString().replace("&", "&amp;");
    }

    private static String text(String resource) throws IOException {
        try (var in = ProjectTemplate.class.getResourceAsStream("project/" + resource)) {
            return new String(
                    Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
