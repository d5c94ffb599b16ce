package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Real builds with a local repository of their own. What Maven does not find there it takes from
/// the test's own repository, or from what the build that runs this test has fetched; from nowhere
/// else.
final class MavenBuild {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Path directory;

    /// @param exitCode of Maven
    /// @param text everything that it printed
    record Result(int exitCode, String text) {}

    /// @param directory for everything that the builds keep
    MavenBuild(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(repository());
        Files.writeString(
                settings(),
                """
                <settings>
                  <localRepository>%s</localRepository>
                  <mirrors>
                    <mirror>
                      <id>fetched</id>
                      <mirrorOf>*,!own</mirrorOf>
                      <url>%s</url>
                    </mirror>
                  </mirrors>
                  <profiles>
                    <profile>
                      <id>own</id>
                      <repositories>
                        <repository><id>own</id><url>%3$s</url></repository>
                      </repositories>
                      <pluginRepositories>
                        <pluginRepository><id>own</id><url>%3$s</url></pluginRepository>
                      </pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles>
                    <activeProfile>own</activeProfile>
                  </activeProfiles>
                </settings>
                """
                        .formatted(
                                directory.resolve("local"),
                                fetched().toUri(),
                                repository().toUri()));
    }

    /// In Maven's layout; empty at first.
    Path repository() {
        return directory.resolve("repository");
    }

    private Path settings() {
        return directory.resolve("settings.xml");
    }

    /// Surefire says where the repository of its own build is.
    private static Path fetched() {
        var known = System.getProperty("localRepository");
        return known == null
                ? Path.of(System.getProperty("user.home"), ".m2", "repository")
                : Path.of(known);
    }

    /// Puts a jar into the repository, as version 1 in group `com.example`.
    ///
    /// @param needs artifacts of the same kind
    void publish(String artifact, Path jar, List<String> needs) throws IOException {
        var folder = repository().resolve("com/example/" + artifact + "/1");
        Files.createDirectories(folder);
        Files.copy(jar, folder.resolve(artifact + "-1.jar"));
        var dependencies = new StringBuilder();
        needs.forEach(needed -> dependencies.append(dependency(needed)));
        Files.writeString(
                folder.resolve(artifact + "-1.pom"),
                """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>com.example</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                  <dependencies>%s</dependencies>
                </project>
                """
                        .formatted(artifact, dependencies));
    }

    /// What a pom says to have it.
    static String dependency(String artifact) {
        return "<dependency><groupId>com.example</groupId><artifactId>%s</artifactId><version>1</version></dependency>"
                .formatted(artifact);
    }

    Result run(Path project, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("mvn", "-B", "-ntp", "-Dstyle.color=never"));
        command.addAll(List.of("-s", settings().toString()));
        command.addAll(Arrays.asList(arguments));
        var log = Files.createTempFile(directory, "maven", ".log");
        var builder =
                new ProcessBuilder(command)
                        .directory(project.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        try {
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            var text = Files.readString(log);
            assertThat(ended).as(text).isTrue();
            return new Result(process.exitValue(), text);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }
}
