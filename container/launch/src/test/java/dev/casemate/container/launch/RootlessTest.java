package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RootlessTest {

    @Test
    void theProcessorsAreThoseThatThisProcessMayUse() {
        assertThat(Rootless.processors("Name:\tjava\nCpus_allowed_list:\t0-2,5\nThreads:\t1\n"))
                .containsExactly(0, 1, 2, 5);
    }

    @Test
    void aShareOfAProcessorIsRoundedUpToWholeOnes() {
        var rootless = new Rootless(false, List.of(1, 3, 5));
        assertThat(rootless.start(Examples.LIMITS)).containsExactly("taskset", "--cpu-list", "1,3");
    }

    @Test
    void withoutControlGroupsTheProcessIsBoundedInTheirPlace() {
        assertThat(podman(false))
                .startsWith("taskset", "--cpu-list", "0", "podman", "--runtime", "runc", "run")
                .contains(
                        "--ulimit=data=536870912:536870912",
                        "--ulimit=nproc=128:128",
                        "--network=ns:/run/casemate-launch/300-0a1b2c3d/network",
                        "--cap-drop=all",
                        "--read-only")
                .noneMatch(argument -> argument.startsWith("--memory"));
    }

    @Test
    void withControlGroupsTheyBoundItAsRoots() {
        assertThat(podman(true))
                .startsWith("podman")
                .contains("--memory=402653184", "--pids-limit=128")
                .noneMatch(argument -> argument.startsWith("--env"));
    }

    @Test
    void theAgentsNumberMustBeOneOfTheUsers() {
        assertThat(HostMachine.covers("0 1000 1\n1 100000 65536\n", 65_532)).isTrue();
        assertThat(HostMachine.covers("0 1000 1\n1 100000 1000\n", 65_532)).isFalse();
        assertThat(HostMachine.covers("warning\n0 1000 1", 65_532)).isFalse();
    }

    @Test
    void secretsAreKeptInMemoryOrNotAtAll() {
        assertThat(Rootless.base(Optional.empty(), 4711))
                .isEqualTo(Path.of("/dev/shm/casemate-launch-4711"));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> Rootless.base(Optional.of("/etc"), 4711))
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("XDG_RUNTIME_DIR");
    }

    private static List<String> podman(boolean controlGroups) {
        var host =
                new HostFacts(
                        true,
                        Set.of(),
                        false,
                        Optional.empty(),
                        Optional.of(new Rootless(controlGroups, List.of(0))),
                        new Podman());
        return LaunchPlan.of(Examples.request(), Examples.IMAGE, Examples.ID, host, Examples.FILES)
                .command();
    }
}
