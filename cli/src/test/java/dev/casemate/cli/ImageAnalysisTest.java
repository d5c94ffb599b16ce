package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.BuiltImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program can do on a whole Java, and what of it is left on the Java of a sealed image.
final class ImageAnalysisTest {

    private static final Path AGENT =
            Path.of("../examples/market-analyst/target/app/market-analyst.jar");

    // Kept between runs: linking a runtime takes longer than everything else here.
    private static final Path WORK = Path.of("target", "held-tricks").toAbsolutePath();

    private static final String PROGRAM =
            """
            package app;
            public class Main {
                public static void main(String[] arguments) throws Throwable {
                    if (arguments.length > 3) { new ProcessBuilder(arguments).start(); }
                    if (arguments.length > 2) { new java.net.ServerSocket(1).accept(); }
                    if (arguments.length > 1) {
                        java.lang.invoke.MethodHandles.lookup().defineClass(new byte[0]);
                    }
                    System.out.println(System.getenv("HOME"));
                    System.exit(1);
                }
            }
            """;

    @TempDir private Path directory;

    private Path program() throws IOException {
        var classes = Trick.compile(directory, List.of(PROGRAM), List.of(), List.of());
        return Jars.write(directory.resolve("app.jar"), classes);
    }

    private BuiltImage image(Path jar, boolean sealed) throws IOException {
        var manifest =
                AgentManifest.read(
                        Objects.requireNonNull(Jars.entries(AGENT).get(AgentManifest.RESOURCE)));
        var request =
                new ImageRequest("localhost/app:1", List.of(jar), "app.Main", manifest, "test");
        var output = directory.resolve(sealed ? "sealed.tar" : "whole.tar");
        return sealed
                ? AgentImage.buildProbe(request, output, WORK, line -> {})
                : AgentImage.buildUnsealed(request, output, WORK, line -> {});
    }

    private static Report report(Path path) throws IOException {
        try (var opened = OpenSubject.open(path, List.of())) {
            return Analyzer.analyze(opened.subject());
        }
    }

    @Test
    void whatIsNotInTheSealedImageDoesNotCount() throws IOException {
        var jar = program();
        var sealed = report(image(jar, true).archive());
        var whole = report(image(jar, false).archive());
        assertThat(whole.capabilities())
                .containsOnlyKeys(
                        Capability.EXEC,
                        Capability.NETWORK_LISTEN,
                        Capability.REFLECTION,
                        Capability.CLASS_DEFINITION,
                        Capability.ENVIRONMENT,
                        Capability.EXIT);
        assertThat(sealed.capabilities()).containsOnlyKeys(Capability.REFLECTION, Capability.EXIT);
        assertThat(sealed.runtime()).startsWith("Java 25 of the image: modules java.base, sha256:");
        assertThat(String.join("\n", sealed.assumptions()))
                .contains("using them fails: java.lang.ProcessBuilder, java.net.ServerSocket.");
        assertThat(sealed.roots()).containsExactly("main app.Main.main");
    }

    @Test
    void theCommandTakesAnImageAndLeavesNothingUnpacked() throws IOException {
        var jar = program();
        var image = image(jar, true).archive();
        assertThat(Main.run("analyze", image.toString(), "--output", directory + "/r.txt"))
                .isZero();
        assertThat(directory.resolve("r.txt")).content().contains("Run time: Java 25 of the image");
        var opened = OpenSubject.open(image, List.of());
        var unpacked = opened.unpacked().orElseThrow();
        assertThat(unpacked).isDirectory();
        opened.close();
        assertThat(unpacked).doesNotExist();
        Files.write(image, new byte[2000]);
        assertThat(Main.run("analyze", image.toString())).isEqualTo(70);
    }
}
