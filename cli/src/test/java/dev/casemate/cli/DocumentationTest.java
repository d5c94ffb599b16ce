package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the pages say, held against what is there.
class DocumentationTest {

    private static final Path ROOT = Path.of("..");
    private static final Path APPLICATION = ROOT.resolve("examples/market-analyst/target/app");

    @TempDir private Path directory;

    @Test
    void the_configuration_page_is_a_configuration_for_proxy_and_run() throws IOException {
        var manifest = AgentApplication.read(APPLICATION).manifest();
        var file =
                Files.copy(ROOT.resolve("docs/casemate.yaml"), directory.resolve("casemate.yaml"));
        Files.write(
                directory.resolve("market-analyst.json"), CanonicalJson.bytes(manifest.toJson()));

        assertThat(GatewayConfig.read(file).agents()).hasSize(1);
        var deployment = AgentDeployment.read(file, "market-analyst");
        assertThat(deployment.manifest()).isEqualTo(manifest);
        assertThat(deployment.destinations()).hasSameSizeAs(manifest.destinations());
    }

    @Test
    void pages_that_count_the_attempts_of_the_probe_count_as_it_does() throws IOException {
        var measured =
                Pattern.compile("none of (\\d+) attempts")
                        .matcher(Files.readString(ROOT.resolve("docs/defence-in-depth.md")));
        assertThat(measured.find()).isTrue();
        for (var page : List.of("README.md", "docs/deploy.md")) {
            assertThat(Files.readString(ROOT.resolve(page)))
                    .contains(measured.group(1) + " attempts to get out");
        }
    }

    @Test
    void the_closure_that_ships_in_the_agent_is_the_one_that_the_architecture_lists()
            throws IOException {
        var page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
        var section = page.substring(page.indexOf("## What ships inside a contained agent"));
        section = section.substring(0, section.indexOf("## Where state lives"));
        var listed =
                Pattern.compile("`([a-z.-]+)`")
                        .matcher(section)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));

        try (var jars = Files.list(APPLICATION)) {
            var shipped =
                    jars.map(jar -> jar.getFileName().toString().replaceFirst("\\.jar$", ""))
                            .collect(Collectors.toCollection(TreeSet::new));
            assertThat(shipped).isEqualTo(listed);
        }
    }

    @Test
    void every_command_of_the_readme_is_known_to_the_command_line() throws IOException {
        var readme = Files.readString(ROOT.resolve("README.md"));
        var commands =
                Pattern.compile("\\./casemate ([a-z]+)( [a-z]+)?")
                        .matcher(readme)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet());
        assertThat(commands).contains("demo", "new", "build", "analyze", "proxy", "run", "audit");
        for (var command : commands) {
            assertThat(Main.run(command, "--help")).as(command).isZero();
        }
    }

    @Test
    void every_link_between_pages_leads_somewhere() throws IOException {
        try (var pages = Files.walk(ROOT)) {
            var markdown =
                    pages.filter(page -> page.toString().endsWith(".md"))
                            .filter(page -> !page.toString().contains("/target/"))
                            .toList();
            assertThat(markdown).hasSizeGreaterThan(10);
            for (var page : markdown) {
                var links =
                        Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)")
                                .matcher(Files.readString(page));
                while (links.find()) {
                    assertThat(page.resolveSibling(links.group(1))).as("link in " + page).exists();
                }
            }
        }
    }
}
