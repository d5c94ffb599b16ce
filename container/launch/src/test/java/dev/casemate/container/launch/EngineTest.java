package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.launch.LaunchException.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which engine is taken, and what is asked of Docker before it is given an agent.
final class EngineTest {

    private static final Docker DOCKER = new Docker("/usr/bin/docker", Docker.HOST);

    private static final String FIT =
            """
            {"ServerVersion":"20.10.24","SecurityOptions":["name=seccomp,profile=default"],\
            "DriverStatus":null,"MemoryLimit":true,"SwapLimit":true,"CpuCfsQuota":true,\
            "PidsLimit":true}\
            """;

    @TempDir Path base;

    @Test
    void dockerIsTakenByRootWherePodmanIsNot() {
        assertThat(chosen(true, Set.of("docker"))).isEqualTo(DOCKER);
        assertThat(chosen(true, Set.of("docker", "podman"))).isEqualTo(new Podman());
        assertThat(chosen(false, Set.of("docker"))).isEqualTo(new Podman());
        assertThat(chosen(true, Set.of())).isEqualTo(new Podman());
    }

    private static Engine chosen(boolean root, Set<String> present) {
        return Engine.of(
                program ->
                        present.contains(program)
                                ? Optional.of(Path.of("/usr/bin", program))
                                : Optional.empty(),
                root,
                Optional.empty());
    }

    @Test
    void whoCleansUpFindsTheEngineThatTheLaunchHad() throws Exception {
        var files = new LaunchFiles(base, Examples.ID);
        Files.createDirectory(files.directory());
        for (var engine : List.of(new Podman(), DOCKER, new Docker("/a b/docker", "unix:///x"))) {
            engine.note(files);
            assertThat(Engine.of(files)).isEqualTo(engine);
        }
        Files.writeString(files.engine(), "another");
        assertThatThrownBy(() -> Engine.of(files)).isInstanceOf(LaunchException.class);
        var failures = new Remains((command, input, limit) -> fail(command)).remove(files);
        assertThat(failures).singleElement().asString().contains("the note of a launch's engine");
        assertThat(files.directory()).exists();
    }

    private static Commands.Outcome fail(List<String> command) {
        throw new AssertionError("expected nothing to run, not " + command);
    }

    @Test
    void ofDockerTheAgentGoesFirstAndThenWhatHeldItsNetwork() {
        assertThat(DOCKER.removal(Examples.ID))
                .extracting(List::getLast)
                .containsExactly("casemate-300-0a1b2c3d", "casemate-300-0a1b2c3d-network");
    }

    @Test
    void anEngineOfDockerThatFitsIsTaken() {
        DOCKER.require((command, input, limit) -> new Commands.Outcome(0, "a warning\n" + FIT));
    }

    @ParameterizedTest
    @CsvSource({
        "name=seccomp, name=rootless, runs as root",
        "name=seccomp, name=userns, userns-remap",
        "20.10.24, 19.03.9, 20.10 or later",
        "20.10.24, dev, 20.10 or later",
        "DriverStatus\":null, DriverStatus\":[[\"driver-type\";\"io.containerd.snapshotter.v1\"]], image store",
        "SwapLimit\":true, SwapLimit\":false, SwapLimit"
    })
    void oneThatDoesNotIsRefused(String fits, String instead, String said) {
        var from = fits.equals("name=seccomp") ? "name=seccomp,profile=default" : fits;
        var info = FIT.replace(from, instead.replace(';', ','));
        assertThat(info).isNotEqualTo(FIT);
        assertThatThrownBy(() ->
                        DOCKER.require((command, input, limit) -> new Commands.Outcome(0, info)))
                .hasMessageStartingWith("UNSUPPORTED_MACHINE")
                .hasMessageContaining(said);
    }

    @Test
    void oneThatDoesNotAnswerIsToBeStarted() {
        assertThatThrownBy(() ->
                        DOCKER.require((command, input, limit) -> new Commands.Outcome(1, FIT)))
                .hasMessageContaining("start it, or install podman");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:2375", "ssh://there", "unix:///a b", ""})
    void anEngineThatMayBeElsewhereIsNotAsked(String host) {
        assertThatThrownBy(() ->
                        new Docker("docker", host)
                                .require((command, input, limit) -> fail(command)))
                .hasMessageContaining("on this machine");
    }

    /// One with another id, an environment of its own, or a volume.
    @ParameterizedTest
    @ValueSource(strings = {"sha256:00 0 0", "IMAGE 1 0", "IMAGE 0 1", "IMAGE"})
    void anImageThatIsNotTheArchivesOwnIsRefused(String inspected) {
        var said = inspected.replace("IMAGE", Examples.IMAGE.value());
        assertThat(
                        DOCKER.holds(
                                (command, input, limit) -> new Commands.Outcome(0, said),
                                Examples.IMAGE))
                .isFalse();
        var archive = new OciArchive(Examples.IMAGE, List.of(), "name", Optional.empty(), true);
        // A program that takes everything and loads something else.
        var store =
                new ImageStore(
                        (command, input, limit) -> new Commands.Outcome(0, said),
                        new Docker("/bin/true", "unix:///nowhere"));
        assertThatThrownBy(() -> store.load(Path.of("agent.tar"), archive))
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.IMAGE_MISMATCH));
    }

    @Test
    void everyRestrictionIsOnDockersCommandLines() {
        var plan = plan();
        var restrictions =
                List.of(
                        "--pull=never",
                        "--runtime=runc",
                        "--init=false",
                        "--log-driver=none",
                        "--read-only",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--security-opt=seccomp=/run/casemate-launch/300-0a1b2c3d/seccomp.json",
                        "--user=65532:65532",
                        "--ipc=none",
                        "--ulimit=core=0:0");
        assertThat(plan.command())
                .startsWith("env", "--unset=PATH", "--unset=HOSTNAME", "/usr/bin/docker")
                .containsAll(restrictions)
                .contains(
                        "--config=/nonexistent",
                        "--env=PATH",
                        "--env=HOSTNAME",
                        "--network=container:casemate-300-0a1b2c3d-network",
                        "--tmpfs=/tmp:rw,size=16777216,mode=1777,noexec,nosuid,nodev",
                        "--memory=402653184",
                        "--memory-swap=402653184",
                        "--cpus=1.500",
                        "--pids-limit=128",
                        "--device-write-bps=/dev/sda:52428800",
                        "--mount=type=bind,source=/run/casemate-launch/300-0a1b2c3d/empty,target=/etc/resolv.conf,readonly")
                .endsWith(Examples.IMAGE.value(), "What is the price of copper?");
        assertThat(plan.holder().orElseThrow())
                .containsAll(restrictions)
                .contains("--network=none", "--pids-limit=1", "--entrypoint=/waiting")
                .endsWith(Examples.IMAGE.value());
        for (var command : List.of(plan.command(), plan.holder().orElseThrow())) {
            assertThat(command)
                    .noneMatch(argument ->
                            argument.startsWith("--privileged")
                                    || argument.startsWith("--cap-add")
                                    || argument.startsWith("--device=")
                                    || argument.startsWith("--publish"));
        }
    }

    @Test
    void theNetworkIsTheSameButForWhoMakesTheNamespace() {
        var podman = new ArrayList<>(Examples.plan().network().link());
        assertThat(podman.removeFirst())
                .containsExactly("ip", "netns", "add", "casemate-300-0a1b2c3d");
        assertThat(plan().network().link()).isEqualTo(podman);
        assertThat(plan().network().agentRules()).isEqualTo(Examples.plan().network().agentRules());
        assertThat(plan().network().hostRules()).isEqualTo(Examples.plan().network().hostRules());
    }

    /// It would seem held by something else.
    @Test
    void aDrillWithoutTheCapabilitiesControlIsNotMadeWithDocker() {
        assertThatThrownBy(() -> plan(Control.CAPABILITIES))
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_REQUEST));
        assertThat(plan(Control.NETWORK).holder().orElseThrow())
                .contains("--sysctl=net.ipv6.conf.all.disable_ipv6=0");
    }

    private static LaunchPlan plan(Control... without) {
        var podman = Examples.HOST;
        var host =
                new HostFacts(
                        podman.execOnce(),
                        podman.addresses(),
                        podman.simulated(),
                        podman.disk(),
                        Optional.empty(),
                        DOCKER);
        return LaunchPlan.of(
                Examples.request(without), Examples.IMAGE, Examples.ID, host, Examples.FILES);
    }
}
