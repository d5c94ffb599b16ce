package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DotGraphTest {

    @TempDir Path directory;

    private Report report() {
        var fixture =
                new Fixture(directory)
                        .jar(Fixture.SHELL)
                        .jar(Fixture.main("Runnable shell = Shell::run; shell.run();"));
        return Analyzer.analyze(fixture.classPath(), List.of(Root.main("app.Main")));
    }

    private static void assumeGraphviz() {
        assumeTrue(
                Arrays.stream(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "dot"))),
                "drawing needs dot, of Graphviz");
    }

    /// What `dot` draws; its complaints are a failure.
    private String drawn(String graph) throws IOException, InterruptedException {
        var file = Files.writeString(directory.resolve("graph.dot"), graph);
        var svg = directory.resolve("graph.svg");
        var complaints = directory.resolve("complaints.txt");
        var dot =
                new ProcessBuilder("dot", "-Tsvg", "-o", svg.toString(), file.toString())
                        .redirectError(complaints.toFile())
                        .start();
        assertThat(dot.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(complaints)).isEmpty();
        assertThat(dot.exitValue()).isZero();
        // Graphviz writes these two as entities.
        return Files.readString(svg, StandardCharsets.UTF_8)
                .replace("&#45;", "-")
                .replace("&#160;", " ");
    }

    @Test
    void methodsStandInTheirJarsAndWhatCountsHasItsCapability() {
        assertThat(DotGraph.of(report()))
                .contains("label=\"fixture-1.jar\"", "label=\"fixture-0.jar\"")
                .contains("label=\"app\\nShell.run()\"")
                .contains("shape=octagon")
                .contains("\\nexec\"")
                .contains("penwidth=2.5")
                .contains(" -> ")
                .contains("[label=\"handle\"]")
                .contains("No path found to: files-read");
    }

    @Test
    void theSameReportGivesTheSameGraph() {
        assertThat(DotGraph.of(report())).isEqualTo(DotGraph.of(report()));
    }

    @Test
    void graphvizDrawsIt() throws IOException, InterruptedException {
        assumeGraphviz();
        assertThat(drawn(DotGraph.of(report())))
                .contains(">Shell.run()<", ">fixture-0.jar<", ">exec<", ">handle<");
    }

    @Test
    void graphvizDrawsHostileNamesAsTheyAre() throws IOException, InterruptedException {
        assumeGraphviz();
        var svg = drawn(DotGraph.of(Hostile.report(directory)));
        assertThat(svg)
                .contains("Ma&quot;in\\\\u000a&amp;lt{0}](x)\\u202e")
                .contains("r&quot;\\N\\lun")
                .contains("ho&quot;st\\ile &amp;#38; %41 \u00fc](x) {2}.jar");
    }

    @Test
    void aReportWithNoCapabilityIsAGraphToo() throws IOException, InterruptedException {
        var jars = new Fixture(directory).jar(Fixture.main("")).classPath();
        var graph = DotGraph.of(Analyzer.analyze(jars, List.of(Root.main("app.Main"))));
        assertThat(graph).doesNotContain("subgraph").contains("No path found to: exec");
        assumeGraphviz();
        assertThat(drawn(graph)).contains("<svg");
    }
}
