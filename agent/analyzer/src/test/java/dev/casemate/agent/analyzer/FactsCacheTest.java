package dev.casemate.agent.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FactsCacheTest {

    private static final String LIBRARY =
            """
            package lib;
            public record Part(String name, java.util.List<String> parts) implements Runnable {
                static final java.util.Map<String, Runnable> JOBS = new java.util.HashMap<>();
                static { JOBS.put("lib.Part", () -> new Thread(() -> { }).start()); }
                public void run() {
                    try { Class.forName("lib.Part").getMethods(); new ProcessBuilder(name).start(); }
                    catch (Exception e) { throw new IllegalStateException("\\u0000\\ud800 " + e); }
                }
            }
            """;

    @TempDir Path directory;
    private Path cache = Path.of("unset");
    private Subject subject =
            new Subject(
                    List.of(Path.of("unset")),
                    List.of(Root.main("app.Main")),
                    Optional.empty(),
                    Optional.empty());

    @BeforeEach
    void compile() {
        cache = directory.resolve("cache");
        var fixture =
                new Fixture(directory)
                        .jar(Map.of("META-INF/services/java.lang.Runnable", "lib.Part"), LIBRARY)
                        .jar(Fixture.main("new lib.Part(\"x\", null).run();"));
        subject = subject(fixture.classPath());
    }

    private static Subject subject(List<Path> jars) {
        return Subject.of(jars, "app.Main");
    }

    private List<Path> kept() throws IOException {
        try (var files = Files.list(cache)) {
            return files.sorted().toList();
        }
    }

    private Report cached() {
        return Analyzer.analyze(subject, cache);
    }

    @Test
    void anAnswerFromTheCacheIsTheSameToTheByte() throws IOException {
        var fresh = Analyzer.analyze(subject).toJson().text();
        assertThat(cached().toJson().text()).isEqualTo(fresh);
        assertThat(kept()).hasSize(2);
        var times = kept().stream().map(file -> file.toFile().length()).toList();
        assertThat(cached().toJson().text()).isEqualTo(fresh);
        assertThat(kept().stream().map(file -> file.toFile().length())).isEqualTo(times);
    }

    @Test
    void whatIsKeptIsUsed() throws IOException {
        cached();
        // Facts of another jar in the place of this one's: only a reader of the cache is fooled.
        var other =
                new Fixture(Files.createDirectory(directory.resolve("other")))
                        .jar(LIBRARY.replace("new ProcessBuilder(name).start();", ""));
        var otherCache = directory.resolve("other-cache");
        Analyzer.analyze(
                new Subject(
                        other.classPath(),
                        List.of(Root.every("lib.Part")),
                        Optional.empty(),
                        Optional.empty()),
                otherCache);
        byte[] harmless;
        try (var files = Files.list(otherCache)) {
            harmless = Files.readAllBytes(files.findFirst().orElseThrow());
        }
        for (var file : kept()) {
            var before = Files.readAllBytes(file);
            if (new String(before, UTF_8).contains("ProcessBuilder")) {
                Files.write(file, harmless);
            }
        }
        assertThat(cached().capabilities()).doesNotContainKey(Capability.EXEC);
        assertThat(Analyzer.analyze(subject).capabilities()).containsKey(Capability.EXEC);
    }

    @Test
    void aKeptFileThatWasChangedIsReadAnew() throws IOException {
        var fresh = cached().toJson().text();
        for (var file : kept()) {
            var bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        assertThat(cached().toJson().text()).isEqualTo(fresh);
        for (var file : kept()) {
            Files.write(file, new byte[10]);
        }
        assertThat(cached().toJson().text()).isEqualTo(fresh);
    }

    @Test
    void aJarThatChangedIsAnotherJar() throws IOException {
        assertThat(cached().capabilities()).containsKey(Capability.EXEC);
        var harmless =
                new Fixture(Files.createDirectory(directory.resolve("other")))
                        .jar(LIBRARY.replace("new ProcessBuilder(name).start();", ""));
        Files.copy(
                harmless.classPath().getFirst(),
                subject.jars().getLast(),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(cached().capabilities()).doesNotContainKey(Capability.EXEC);
    }

    @Test
    void aJarThatCannotBeReadIsNotKept() throws IOException {
        cached();
        Files.write(subject.jars().getLast(), new byte[100]);
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(this::cached)
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE_JAR));
        Files.delete(subject.jars().getLast());
        assertThatExceptionOfType(AnalyzerException.class).isThrownBy(this::cached);
        assertThat(kept()).hasSize(2);
    }

    @Test
    void nobodyIsAtTheCacheAnyMoreWhenAnAnalysisFails() throws IOException {
        var more = new Fixture(Files.createDirectory(directory.resolve("more")));
        for (int i = 0; i < 30; i++) {
            more.jar("package lib; class Part" + i + " {}");
        }
        var jars = new ArrayList<>(subject.jars());
        jars.addAll(more.classPath());
        var whole = subject(jars);
        Files.write(jars.getFirst(), new byte[100]);
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> Analyzer.analyze(whole, cache));
        assertThat(kept()).hasSize(31);
    }

    @Test
    void onlySoManyJarsAreKept() throws IOException {
        Files.createDirectories(cache);
        for (int i = 0; i < FactsCache.MAX_FILES; i++) {
            Files.createFile(cache.resolve(i + ".facts"));
        }
        cached();
        assertThat(kept()).hasSize(FactsCache.MAX_FILES);
    }
}
