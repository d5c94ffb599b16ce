package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Launches by a user who is not root: the same probe, the same attempts.
final class RootlessLaunchTest {

    private static final int SECONDS = 180;

    @TempDir static Path directory;

    private static OrdinaryUser user;
    private static Listener target;
    private static Path probe;
    private static Path secret;

    @BeforeAll
    static void build() throws IOException {
        Machine.assumeItCanLaunch();
        user = new OrdinaryUser();
        target = new Listener("127.0.0.1", 0);
        probe = user.give(TestImages.probe());
        secret = user.give(Files.writeString(directory.resolve("secret"), "not for anybody"));
    }

    @AfterAll
    static void remove() throws IOException {
        if (target != null) {
            target.close();
        }
        if (user != null) {
            user.close();
        }
    }

    @Test
    void nothingComesAboutButWhatIsAllowedAndNothingStays() throws Exception {
        var lines = run("", "process-limits", target.port(), attempts());
        assertThat(held(lines, false))
                .containsExactlyInAnyOrder(
                        "connect prices.casemate.test:443",
                        "connect proxy.casemate.test:443",
                        "connect warehouse.casemate.test:5432",
                        "connect 127.0.0.1:" + target.port(),
                        "connect 198.18.0.10:80",
                        "connect to another port of an opening",
                        "write and copy a file in /tmp",
                        // The limits of a process know no share of a processor; the launch said so.
                        "spin on every processor, held to no share");
        // What lies in the agent's own namespace answers at once, and there is nobody behind it.
        for (var own : List.of("127.0.0.1:" + target.port(), "198.18.0.10:80", "to another port")) {
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"connect " + own))
                    .singleElement()
                    .asString()
                    .contains("refused by whoever is there");
        }
        assertThat(held(lines, true))
                .hasSizeGreaterThan(40)
                .contains(
                        "start more threads than granted",
                        "open 1500 files",
                        "connect 169.254.169.254:80",
                        "write more than /tmp holds");
        assertThat(lines.getLast()).isEqualTo("ended FAILED");
        user.awaitEndOf("java");
        try (var left = Files.list(user.launches())) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("lock");
        }
    }

    @Test
    void anAgentThatWantsMoreMemoryThanItHasIsEnded() throws Exception {
        var arguments = new ArrayList<>(attempts());
        arguments.addAll(List.of("--memory-bytes", "2000000000"));
        assertThat(run("", "process-limits", target.port(), arguments).getLast())
                .isEqualTo("ended OUT_OF_MEMORY");
    }

    @Test
    void whoHasNoControlGroupsIsAskedToAcceptTheLimitsOfAProcess() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(Path.of("/sys/fs/cgroup/memory")),
                "SKIPPED: this machine may hand control groups to its users");
        assertThat(run("", "strict", target.port(), List.of()))
                .singleElement()
                .asString()
                .startsWith("refused UNSUPPORTED_MACHINE")
                .contains("--process-limits");
    }

    @Test
    void aTargetThatDoesNotAnswerIsNamedAndNothingIsStarted() throws Exception {
        int port;
        try (var closed = new Listener("127.0.0.1", 0)) {
            port = closed.port();
        }
        assertThat(run("", "process-limits", port, List.of()))
                .singleElement()
                .asString()
                .startsWith("refused TARGET_UNREACHABLE");
    }

    @Test
    void aNamespaceThatWasNotMadeIsNoticedBeforeAnAgentIsStarted() throws Exception {
        var folder = directory.resolve("lie");
        Files.createDirectory(folder);
        var lie = Files.writeString(folder.resolve("unshare"), "#!/bin/sh\nshift\nexec \"$@\"\n");
        var given = user.give(lie);
        assertThat(given.toFile().setExecutable(true)).isTrue();
        assertThat(run(given.getParent() + ":", "process-limits", target.port(), List.of()))
                .singleElement()
                .asString()
                .startsWith("refused NETWORK_");
        Files.delete(given);
    }

    private static List<String> attempts() {
        var arguments = new ArrayList<String>();
        for (var peer :
                List.of(
                        "127.0.0.1:" + target.port(),
                        "198.18.0.1:" + target.port(),
                        "198.18.0.10:80",
                        "169.254.169.254:80",
                        "203.0.113.5:443",
                        "[::1]:" + target.port(),
                        "[2001:db8::1]:443")) {
            arguments.addAll(List.of("--forbidden", peer));
        }
        for (var name :
                List.of(
                        "proxy.casemate.test:443",
                        "prices.casemate.test:443",
                        "warehouse.casemate.test:5432")) {
            arguments.addAll(List.of("--allowed", name));
        }
        arguments.addAll(List.of("--tmp-bytes", "" + Examples.LIMITS.tmpBytes()));
        return arguments;
    }

    private static List<String> run(String path, String limits, int port, List<String> more)
            throws Exception {
        var arguments =
                new ArrayList<>(List.of(probe.toString(), secret.toString(), "" + port, limits));
        arguments.addAll(more);
        var process = user.start(path, RootlessChild.class, arguments);
        var errors = new ArrayList<String>();
        var reader =
                Thread.ofVirtual().start(() -> process.errorReader().lines().forEach(errors::add));
        var lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        reader.join();
        assertThat(lines).as("errors: %s", errors).isNotEmpty();
        if (Boolean.getBoolean("casemate.test.show")) {
            lines.forEach(System.out::println);
            errors.forEach(System.out::println);
        }
        return lines;
    }

    private static List<String> held(List<String> lines, boolean held) {
        return lines.stream()
                .filter(line -> line.startsWith("{"))
                .map(line -> (Json.Obj) JsonReader.read(line))
                .filter(attempt -> attempt.get("held").equals(java.util.Optional.of(Json.of(held))))
                .flatMap(attempt -> attempt.text("attempt").stream())
                .toList();
    }
}
