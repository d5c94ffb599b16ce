package dev.casemate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.deploy.Platform;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.proxy.gateway.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The example and the page of its bindings, through the command.
class RenderCommandTest {

    private static final Path DOCS = Path.of("../docs");
    private static final Path APPLICATION = Path.of("../examples/market-analyst/target/app");
    private static final String PEM =
            "-----BEGIN CERTIFICATE-----\nMIIB\r\nMIIB\n-----END CERTIFICATE-----\n";

    @TempDir private Path directory;

    @BeforeEach
    void bindings() throws IOException {
        var manifest = AgentApplication.read(APPLICATION).manifest();
        Files.write(
                directory.resolve("market-analyst.json"), CanonicalJson.bytes(manifest.toJson()));
        Files.copy(DOCS.resolve("bindings.yaml"), directory.resolve("bindings.yaml"));
        Files.copy(DOCS.resolve("proxy.yaml"), directory.resolve("proxy.yaml"));
        Files.writeString(directory.resolve("proxy.pem"), PEM);
        Files.writeString(directory.resolve("prices.pem"), PEM);
        Files.writeString(
                directory.resolve("proxy-spcs.yaml"),
                Files.readString(directory.resolve("proxy.yaml"))
                        .replace(
                                "proxy.password",
                                "/run/casemate-secrets/proxy.password/secret_string")
                        .replace(
                                "provider.key",
                                "/run/casemate-secrets/provider.key/secret_string"));
    }

    @ParameterizedTest
    @EnumSource(Platform.class)
    void the_page_of_bindings_renders_the_example_on_every_platform(Platform platform)
            throws IOException {
        for (var what :
                List.of(
                        List.of("How did copper do?", "--run-id", "run-1"),
                        List.of("--worker"),
                        List.of("--proxy"))) {
            var output =
                    directory.resolve(platform.word() + what.size() + what.getFirst().length());
            assertThat(render(platform, what, output)).isZero();
            var names = names(output);
            assertThat(names).isNotEmpty();
            assertThat(render(platform, what, output)).isZero();
            assertThat(names(output)).isEqualTo(names);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linkNetwork: 10.213.7.0",
                "address: 10.96.0.40                    #",
                "namespace: agents",
                "    provider.key: provider-key",
                "files: [market-analyst.json]",
                "model: gpt-4o-mini                     #"
            })
    void a_binding_that_will_not_do_is_refused(String line) throws IOException {
        var file = directory.resolve("bindings.yaml");
        var text = Files.readString(file);
        assertThat(text).contains(line);
        Files.writeString(
                file,
                text.replace(
                        line, line.replaceFirst("(: ?)\\[?[a-z0-9.-]+\\]?", ": \"o'no; \\$(x)\"")));
        var failed = 0;
        for (var platform : Platform.values()) {
            failed += render(platform, List.of("--worker"), directory.resolve("a")) == 0 ? 0 : 1;
            failed += render(platform, List.of("--proxy"), directory.resolve("b")) == 0 ? 0 : 1;
        }
        assertThat(failed).isPositive();
    }

    @Test
    void an_unknown_key_is_refused_with_its_line() throws IOException {
        var file = directory.resolve("bindings.yaml");
        Files.writeString(file, Files.readString(file) + "k9s: {}\n");
        assertThatThrownBy(() -> BindingsFile.read(file).place(Platform.KUBERNETES))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("k9s");
    }

    @Test
    void a_proxy_whose_secret_nobody_renders_is_refused() throws IOException {
        var file = directory.resolve("bindings.yaml");
        Files.writeString(
                file, Files.readString(file).replace("    provider.key: provider-key\n", ""));
        var bindings = BindingsFile.read(file);
        assertThatThrownBy(() -> bindings.proxy(bindings.place(Platform.PODMAN)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("files or secrets");
    }

    @Test
    void a_task_without_the_name_of_its_run_is_wrong_usage() {
        assertThat(render(Platform.PODMAN, List.of("How did copper do?"), directory.resolve("x")))
                .isEqualTo(2);
        assertThat(render(Platform.PODMAN, List.of("--worker", "--proxy"), directory.resolve("x")))
                .isEqualTo(2);
    }

    private int render(Platform platform, List<String> what, Path output) {
        var arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "render",
                                platform.word(),
                                "--bindings",
                                directory.resolve("bindings.yaml").toString(),
                                "--output",
                                output.toString()));
        arguments.addAll(what);
        return Main.run(arguments.toArray(String[]::new));
    }

    private static List<String> names(Path output) throws IOException {
        try (var files = Files.walk(output)) {
            return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
        }
    }
}
