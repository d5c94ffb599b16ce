package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Deployment;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LaunchPlanTest {

    @Test
    void everyRestrictionOfTheContainerIsOnTheCommandLine() {
        assertThat(Examples.plan().command())
                .startsWith("podman", "--runtime", "runc", "run")
                .contains(
                        "--read-only",
                        "--read-only-tmpfs=false",
                        "--tmpfs=/tmp:rw,size=16777216,mode=1777,noexec,nosuid,nodev,notmpcopyup",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--security-opt=seccomp=/run/casemate-launch/300-0a1b2c3d/seccomp.json",
                        "--user=65532:65532",
                        "--ipc=none",
                        "--network=ns:/run/netns/casemate-300-0a1b2c3d",
                        "--memory=402653184",
                        "--memory-swap=402653184",
                        "--cpus=1.500",
                        "--pids-limit=128",
                        "--ulimit=core=0:0",
                        "--device-read-bps=/dev/sda:52428800",
                        "--device-write-bps=/dev/sda:52428800",
                        "--no-hosts",
                        "--dns=none",
                        "--unsetenv-all",
                        "--http-proxy=false",
                        "--volume=/run/casemate-launch/300-0a1b2c3d/mount:/run/casemate:ro,noexec,nosuid,nodev,private");
    }

    @Test
    void theImageIsNamedByItsDigestAndTheTaskIsTheLastArgument() {
        assertThat(Examples.plan().command())
                .endsWith(Examples.IMAGE.value(), "What is the price of copper?")
                .doesNotContain("localhost/market-analyst:1.0.0");
    }

    @Test
    void onlyAWorkerThatReadsLinesHasAStandardInput() {
        assertThat(podman(new Work.Once(List.of("task"))))
                .noneMatch(
                        argument -> argument.contains("stdin") || argument.equals("--interactive"));
        assertThat(podman(new Work.Queue()))
                .doesNotContain("--interactive", "--attach=stdin")
                .endsWith("--worker", "proxy");
        assertThat(podman(new Work.Lines(InputStream.nullInputStream())))
                .contains("--interactive", "--attach=stdin")
                .endsWith("--worker", "stdin");
    }

    @Test
    void anotherProgramRunsInTheSameImageUnderTheSameControls() {
        var probe =
                new Work.Program(Path.of("/srv/probe"), List.of("/run/program/x"), List.of("1"));
        var arguments = new ArrayList<>(podman(probe));
        assertThat(arguments.removeIf(argument -> argument.startsWith("--entrypoint="))).isTrue();
        assertThat(
                        arguments.remove(
                                "--volume=/srv/probe:/run/program:ro,exec,nosuid,nodev,private"))
                .isTrue();
        assertThat(arguments).isEqualTo(podman(new Work.Once(List.of("1"))));
        assertThat(podman(probe)).contains("--entrypoint=[\"/run/program/x\"]");
    }

    private static List<String> podman(Work work) {
        var request = Examples.request();
        var other =
                new LaunchRequest(
                        request.archive(),
                        request.reference(),
                        request.manifest(),
                        request.correlation(),
                        request.model(),
                        request.proxy(),
                        request.destinations(),
                        work,
                        request.without());
        return LaunchPlan.of(other, Examples.IMAGE, Examples.ID, Examples.HOST, Examples.FILES)
                .command();
    }

    @Test
    void nothingOnTheCommandLineGrantsAnything() {
        assertThat(Examples.plan().command())
                .noneMatch(argument ->
                        argument.startsWith("--privileged")
                                || argument.startsWith("--cap-add")
                                || argument.startsWith("--device=")
                                || argument.startsWith("--env")
                                || argument.startsWith("--publish"));
    }

    @ParameterizedTest
    @EnumSource(Control.class)
    void aControlThatIsSwitchedOffChangesThePlan(Control control) {
        var on = Examples.plan();
        var off = Examples.plan(control);
        assertThat(off).isNotEqualTo(on);
        // And nothing but its own part of it.
        if (control == Control.NETWORK) {
            assertThat(off.command()).isEqualTo(on.command());
            assertThat(off.network()).isNotEqualTo(on.network());
        } else {
            assertThat(off.command()).isNotEqualTo(on.command());
            assertThat(off.network()).isEqualTo(on.network());
        }
    }

    @Test
    void allControlsOffStillLeavesBoundsThatTheMachineBears() {
        var plan = Examples.plan(EnumSet.allOf(Control.class).toArray(Control[]::new));
        assertThat(plan.command())
                .contains("--pids-limit=4096", "--user=0:0", "--security-opt=seccomp=unconfined")
                .noneMatch(argument -> argument.startsWith("--privileged"));
    }

    @Test
    void theAgentFindsTheDeploymentThatItsManifestAsksFor() {
        var plan = Examples.plan();
        var document =
                plan.files().stream()
                        .filter(file -> file.name().equals("deployment.json"))
                        .findFirst()
                        .orElseThrow();
        var deployment = Deployment.read(document.text().getBytes(StandardCharsets.UTF_8));
        deployment.requireFor(Examples.agent());
        assertThat(deployment.proxy())
                .isEqualTo(
                        new Deployment.Endpoint(
                                "proxy.casemate.test",
                                443,
                                Optional.of("/run/casemate/proxy.ca.pem"),
                                Optional.of("/run/casemate/proxy.secret")));
        assertThat(deployment.endpoint("warehouse").port()).isEqualTo(5432);
    }

    @Test
    void secretsAreFilesOfTheirOwnAndNeverInThePlan() {
        assertThat(Examples.plan().files())
                .filteredOn(LaunchPlan.MountedFile::secret)
                .singleElement()
                .satisfies(file -> {
                    assertThat(file.name()).isEqualTo("proxy.secret");
                    assertThat(file.text()).isEmpty();
                    assertThat(file.source()).contains(Path.of("/etc/proxy/key"));
                });
    }

    @Test
    void theHostsFileHoldsTheBoundNamesAlone() {
        assertThat(Examples.plan().files())
                .filteredOn(file -> file.name().equals(LaunchPlan.HOSTS))
                .singleElement()
                .extracting(LaunchPlan.MountedFile::text)
                .isEqualTo(
                        """
                        198.19.44.10 proxy.casemate.test
                        198.19.44.11 prices.casemate.test
                        198.19.44.12 warehouse.casemate.test
                        """);
    }

    @Test
    void theSystemCallListIsLeftOutOnlyWithItsControl() {
        assertThat(Examples.plan().seccomp()).isPresent();
        assertThat(Examples.plan(Control.SECCOMP).seccomp()).isEmpty();
    }
}
