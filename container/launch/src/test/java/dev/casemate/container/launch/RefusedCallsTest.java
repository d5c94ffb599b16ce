package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real containers under lists from which one call was taken: each leaves undone what
/// `refused-calls.txt` says.
///
/// One call of each group is tried here; with `-Dcasemate.calls=all`, every one, which takes five
/// minutes. What was seen is written to `target/refused-calls.txt`.
final class RefusedCallsTest {

    private static final int LIMIT_SECONDS = 60;
    private static final String END = "end";
    private static final Path SEEN = Path.of("target", "refused-calls.txt").toAbsolutePath();

    @TempDir private static Path directory;

    private static Path image;
    private static EchoServer peer;
    private static List<String> whole;

    @BeforeAll
    static void build() throws Exception {
        Machine.assumeItCanLaunch();
        image = TestImages.chores();
        new ImageStore(new ProcessCommands(), new Podman()).load(image, OciArchive.read(image));
        peer = new EchoServer();
        whole = done(SeccompProfile.portable());
        Files.deleteIfExists(SEEN);
    }

    @AfterAll
    static void remove() throws IOException {
        if (peer != null) {
            peer.close();
            TestImages.remove(image);
        }
    }

    @Test
    void underTheWholeListEverythingIsDone() throws IOException {
        assertThat(whole).as(errors()).startsWith("start").endsWith("all", END);
    }

    @ParameterizedTest
    @MethodSource("tried")
    void withoutTheCallIsLeftUndoneWhatTheRecordSays(RefusedCall call) throws Exception {
        var done = done(call.profileWithout());
        int same = 0;
        while (same < done.size() && done.get(same).equals(whole.get(same))) {
            same++;
        }
        var undone = same == whole.size() ? RefusedCall.NOTHING : whole.get(same);
        Files.writeString(
                SEEN,
                new RefusedCall(call.group(), call.call(), undone).line() + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        assertThat(undone).isEqualTo(call.breaks());
    }

    static Stream<RefusedCall> tried() throws IOException {
        var all = RefusedCall.ofTheList().stream();
        if ("all".equals(System.getProperty("casemate.calls"))) {
            return all;
        }
        var groups = new HashSet<String>();
        return all.filter(RefusedCall::isNeeded).filter(call -> groups.add(call.group()));
    }

    private static String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    /// The chores that are done under a list, in their order.
    private static List<String> done(Json.Obj profile) throws Exception {
        var list = Files.writeString(directory.resolve("list.json"), profile.text());
        var command = new ArrayList<String>();
        command.addAll(List.of("podman", "--runtime", "runc", "run", "--rm"));
        command.addAll(List.of("--timeout", "" + LIMIT_SECONDS, "--log-driver=none"));
        command.addAll(List.of("--attach=stdout", "--attach=stderr", "--unsetenv-all"));
        command.addAll(List.of("--network=host", "--no-hosts", "--dns=none", "--ipc=none"));
        command.addAll(List.of("--read-only", "--read-only-tmpfs=false", "--memory=384m"));
        command.add("--tmpfs=/tmp:rw,size=16m,mode=1777,noexec,nosuid,nodev");
        command.addAll(List.of("--cap-drop=all", "--user=65532:65532", "--pids-limit=128"));
        command.addAll(List.of("--ulimit=nofile=1024:1024", "--ulimit=nproc=8192:8192"));
        command.add("--security-opt=no-new-privileges");
        command.add("--security-opt=seccomp=" + list);
        command.addAll(List.of(Launcher.imageId(image).value(), "" + peer.port()));
        var process =
                new ProcessBuilder(command)
                        .redirectError(directory.resolve("errors").toFile())
                        .start();
        try (var output = process.getInputStream()) {
            var lines =
                    new ArrayList<>(
                            new String(output.readAllBytes(), StandardCharsets.UTF_8)
                                    .lines()
                                    .toList());
            if (process.waitFor() == 0) {
                lines.add(END);
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }
}
