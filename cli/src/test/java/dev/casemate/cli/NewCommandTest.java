package dev.casemate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewCommandTest {

    private static final int WRONG_USAGE = 2;
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path LIBRARIES = ROOT.resolve("cli/target/agent-libraries");

    @TempDir private Path directory;

    private String template(String name, String packageName) throws IOException {
        var project = directory.resolve(name);
        new ProjectTemplate(
                        ProjectNames.of(name, packageName),
                        "0.1.0-abc",
                        Path.of("/a place/repository"))
                .write(project);
        try (var files = Files.walk(project)) {
            var all = new StringBuilder();
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(project.relativize(file)).append('\n').append(Files.readString(file));
            }
            return all.toString();
        }
    }

    @Test
    void every_name_is_filled_in() throws IOException {
        var project = template("price-watch", "com.acme.watch");
        assertThat(project)
                .contains(
                        "src/main/java/com/acme/watch/PriceWatch.java",
                        "src/test/java/com/acme/watch/PriceWatchTest.java",
                        "package com.acme.watch;",
                        "name = \"price-watch\"",
                        "final class PriceWatch {",
                        "PriceWatchToolSet.of(new PriceWatch())",
                        "<mainClass>com.acme.watch.Main</mainClass>",
                        "<casemate.version>0.1.0-abc</casemate.version>",
                        "<url>file:///a%20place/repository",
                        "agent: price-watch");
        assertThat(project).doesNotContainPattern("@[A-Za-z]+@");
    }

    @Test
    void names_that_java_or_the_template_use_otherwise_get_another_class_or_package() {
        assertThat(ProjectNames.of("main")).isEqualTo(names("main", "MainAgent", "main"));
        assertThat(ProjectNames.of("agent")).isEqualTo(names("agent", "AgentAgent", "agent"));
        assertThat(ProjectNames.of("new")).isEqualTo(names("new", "New", "newagent"));
        assertThat(ProjectNames.of("a-7-b")).isEqualTo(names("a-7-b", "A7B", "a7b"));
    }

    private static ProjectNames names(String agent, String className, String word) {
        return new ProjectNames(agent, className, "com.example." + word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"My-Agent", "7agent", "my_agent", "agent-", "mein-agént", "x y"})
    void a_name_that_no_agent_can_have_is_refused_and_nothing_is_made(String name) {
        assertThat(Main.run("new", directory.resolve(name).toString())).isEqualTo(WRONG_USAGE);
        assertThat(directory.resolve(name)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one",
                "com.Example",
                "com.example.new",
                "java.agents",
                "dev.casemate.x",
                "a..b"
            })
    void a_package_that_will_not_do_is_refused(String packageName) {
        assertThatThrownBy(() -> ProjectNames.of("my-agent", packageName))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a package");
    }

    @Test
    void what_is_there_is_left_alone() throws IOException {
        var taken = Files.createDirectory(directory.resolve("my-agent"));
        var file = Files.writeString(taken.resolve("mine"), "mine");
        assertThat(Main.run("new", taken.toString())).isEqualTo(WRONG_USAGE);
        assertThat(Main.run("new", file.toString())).isEqualTo(WRONG_USAGE);
        try (var files = Files.list(taken)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_build_has_the_same_version_each_time_and_another_content_has_another()
            throws IOException {
        var repository = directory.resolve("repository");
        var version = AgentRepository.fill(repository, ROOT, LIBRARIES);
        assertThat(AgentRepository.fill(repository, ROOT, LIBRARIES)).isEqualTo(version);

        var changed = Files.createDirectory(directory.resolve("changed"));
        Files.copy(ROOT.resolve("pom.xml"), changed.resolve("pom.xml"));
        Files.writeString(
                changed.resolve("pom.xml"),
                Files.readString(changed.resolve("pom.xml")) + "<!-- another -->");
        assertThat(AgentRepository.fill(repository, changed, LIBRARIES)).isNotEqualTo(version);

        var sdk = repository.resolve("dev/casemate/casemate-agent-sdk").resolve(version);
        assertThat(sdk.resolve("casemate-agent-sdk-" + version + ".jar")).exists();
        assertThat(sdk.resolve("casemate-agent-sdk-" + version + ".pom"))
                .content()
                .contains("<version>" + version + "</version>")
                .doesNotContain("SNAPSHOT");
    }

    @Test
    void the_plugin_of_the_build_says_the_version_that_it_has_there() throws IOException {
        var repository = directory.resolve("repository");
        var version = AgentRepository.fill(repository, ROOT, LIBRARIES);
        var file =
                repository.resolve(
                        "dev/casemate/casemate-maven-plugin/%1$s/casemate-maven-plugin-%1$s.jar"
                                .formatted(version));
        try (var before = new JarFile(LIBRARIES.resolve("casemate-maven-plugin.jar").toFile());
                var after = new JarFile(file.toFile())) {
            assertThat(text(before, "META-INF/maven/plugin.xml")).contains("SNAPSHOT");
            assertThat(text(after, "META-INF/maven/plugin.xml"))
                    .contains("<version>" + version + "</version>")
                    .doesNotContain("SNAPSHOT");
            assertThat(Collections.list(after.entries()).stream().map(JarEntry::getName))
                    .containsExactlyElementsOf(
                            Collections.list(before.entries()).stream()
                                    .map(JarEntry::getName)
                                    .toList());
        }
    }

    private static String text(JarFile jar, String entry) throws IOException {
        try (var in = jar.getInputStream(jar.getEntry(entry))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void a_build_without_its_libraries_says_what_to_do() {
        assertThatThrownBy(() -> AgentRepository.fill(directory, ROOT, directory))
                .hasMessageContaining("build Casemate again");
    }

    @Test
    void the_project_builds_with_the_plugins_that_this_build_uses() throws IOException {
        var own = Files.readString(ROOT.resolve("pom.xml"));
        var plugins =
                Pattern.compile(
                                "<artifactId>(maven-[a-z]+-plugin)</artifactId>\\s*<version>([^<]+)<")
                        .matcher(template("my-agent", "com.example.myagent"))
                        .results()
                        .toList();
        assertThat(plugins).hasSizeGreaterThan(5);
        for (var plugin : plugins) {
            assertThat(own)
                    .containsPattern(
                            "<artifactId>%s</artifactId>\\s*<version>%s<"
                                    .formatted(plugin.group(1), Pattern.quote(plugin.group(2))));
        }
    }
}
