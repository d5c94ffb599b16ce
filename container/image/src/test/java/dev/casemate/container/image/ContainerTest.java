package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The image where it is meant to run: podman loads and runs it, without a network.
final class ContainerTest {

    private static boolean loaded;

    @BeforeAll
    static void load() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "needs root: runc cannot set limits without");
        assumeTrue(isThere("podman") && isThere("runc"), "needs podman and runc on this machine");
        var image = Images.agent("first");
        podman("load", "--quiet", "--input", image.archive().toString());
        loaded = true;
    }

    @AfterAll
    static void remove() throws Exception {
        if (loaded) {
            podman("rmi", Images.agent("first").reference());
        }
    }

    @Test
    void podmanKnowsTheImageByTheDigestsThatTheBuildNames() throws Exception {
        var image = Images.agent("first");
        var seen = podman("image", "inspect", "--format", "{{.Id}} {{.Digest}}", image.reference());
        assertThat(seen)
                .containsExactly(
                        image.imageId().value().substring("sha256:".length())
                                + " "
                                + image.digest());
    }

    @Test
    void anAgentRunsInItsImage() throws Exception {
        assertThat(run(List.of())).contains("pattern-switch works", "http-client works");
    }

    @Test
    void theArchiveOfTheStartIsOneThatTheVirtualMachineTakes() throws Exception {
        // Without this mode an archive that does not fit is left aside, and nobody sees it.
        var lines =
                run(
                        List.of(
                                "--entrypoint",
                                "[\"/opt/java/bin/java\",\"@/app/java.args\",\"-XX:AOTMode=on\","
                                        + "\"-XX:AOTCache=/app/start.aot\",\"-cp\","
                                        + "\"/app/lib/agent.jar\",\""
                                        + FeatureProgram.class.getName()
                                        + "\"]"));
        assertThat(lines).contains("http-client works");
    }

    @Test
    void noAttackSucceedsInTheContainer() throws Exception {
        var lines =
                run(
                        List.of(
                                "--entrypoint",
                                "[\"/opt/java/bin/java\",\"@/app/java.args\",\"-cp\","
                                        + "\"/app/lib/agent.jar\",\""
                                        + AttackProgram.class.getName()
                                        + "\"]"));
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line).contains(" held "));
    }

    private static List<String> run(List<String> options) throws Exception {
        var command = new ArrayList<String>();
        command.addAll(List.of("run", "--rm", "--network", "none", "--read-only"));
        command.addAll(List.of("--read-only-tmpfs=false", "--cap-drop", "all"));
        command.addAll(List.of("--security-opt", "no-new-privileges", "--ipc", "none"));
        command.addAll(List.of("--tmpfs", "/tmp:rw,size=16m,mode=1777,noexec,nosuid,nodev"));
        command.addAll(List.of("--memory", "256m", "--pids-limit", "128"));
        command.addAll(List.of("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=100:100"));
        command.addAll(options);
        command.add(Images.agent("first").reference());
        return podman(command.toArray(String[]::new));
    }

    private static List<String> podman(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("podman", "--runtime", "runc"));
        command.addAll(List.of(arguments));
        var process = FinishedProcess.run(command);
        assertThat(process.code()).as(process.errors()).isZero();
        return process.lines();
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return FinishedProcess.run(List.of(program, "--version")).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
