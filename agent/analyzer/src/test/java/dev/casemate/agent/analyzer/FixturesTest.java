package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What the first comment of each program below `src/test/fixtures` says is found, is found, and
/// nothing else.
final class FixturesTest {

    private static final int FEATURES = 60;
    private static final int HARMLESS = 13;
    private static final int TRICKS = 90;

    /// What an ordinary agent with a database declares: behind these a trick is out of sight.
    private static final Set<Capability> ORDINARY =
            Set.of(
                    Capability.FILES_READ,
                    Capability.FILES_WRITE,
                    Capability.NETWORK_CONNECT,
                    Capability.REFLECTION,
                    Capability.ENVIRONMENT,
                    Capability.EXIT,
                    Capability.THREADS);

    @TempDir Path directory;

    @TestFactory
    Stream<DynamicTest> features() {
        return FixtureProject.all("features").stream().map(this::test);
    }

    @TestFactory
    Stream<DynamicTest> tricks() {
        return FixtureProject.all("tricks").stream().map(this::test);
    }

    @Test
    void thereAreAsManyFixturesAsThereWere() {
        assertThat(FixtureProject.all("features")).hasSizeGreaterThanOrEqualTo(FEATURES);
        assertThat(FixtureProject.all("tricks")).hasSizeGreaterThanOrEqualTo(TRICKS);
    }

    @Test
    void harmlessFeaturesAreAmongThem() {
        assertThat(FixtureProject.all("features"))
                .filteredOn(project -> project.finds().isEmpty())
                .hasSizeGreaterThanOrEqualTo(HARMLESS);
    }

    @Test
    void whatATrickHidesBehindOrdinaryCapabilitiesHasItsControlNamed() {
        for (var project : FixtureProject.all("tricks")) {
            var hidden = ORDINARY.containsAll(project.finds());
            assertThat(project.line("held by").isPresent())
                    .as(project.sentence())
                    .isEqualTo(hidden);
            if (hidden) {
                assertThat(project.line("misses")).as(project.sentence()).isPresent();
            }
        }
    }

    private DynamicTest test(FixtureProject project) {
        return dynamicTest(project.sentence(), () -> check(project));
    }

    private void check(FixtureProject project) throws IOException {
        var report = project.analyze(Files.createTempDirectory(directory, "fixture"));
        assertThat(report.capabilities().keySet())
                .as(report.text())
                .containsExactlyInAnyOrderElementsOf(project.finds());
        if (project.finds().contains(Capability.EXEC)) {
            requirePath(Fixture.path(report, Capability.EXEC), project);
        }
    }

    // From the program's main method through its own code to a call that starts a process.
    private static void requirePath(List<String> path, FixtureProject project) {
        assertThat(path.getLast()).matches("(java|jdk)\\..*");
        assertThat(path.subList(0, path.size() - 1))
                .isNotEmpty()
                .allMatch(step ->
                        step.startsWith(project.packageName() + ".") || step.startsWith("shell."));
        project.line("through").ifPresent(method -> assertThat(path).contains(method));
    }
}
