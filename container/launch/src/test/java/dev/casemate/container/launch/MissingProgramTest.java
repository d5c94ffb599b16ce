package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MissingProgramTest {

    @TempDir Path empty;

    @Test
    void theOneCommandBringsEverythingThatWouldBeMissedNext() {
        assertThat(help(true, Set.of("apt-get", "ip")))
                .isEqualTo(
                        "expected the program podman on the path; install it with: apt-get install -y nftables podman runc skopeo");
    }

    @Test
    void theCommandIsThatOfTheDistribution() {
        assertThat(help(true, Set.of("dnf", "runc", "nft", "skopeo")))
                .endsWith("install it with: dnf install -y iproute podman");
        assertThat(help(true, Set.of("zypper", "runc", "nft", "skopeo")))
                .endsWith("install it with: zypper install -y iproute2 podman");
        assertThat(help(true, Set.of("runc", "nft", "ip", "skopeo")))
                .endsWith("install podman with this system's package manager");
    }

    @Test
    void whoIsNotRootIsToldWhatHeNeedsInstead() {
        assertThat(help(false, Set.of("apt-get", "runc", "ip")))
                .endsWith("install it with: sudo apt-get install -y uidmap podman util-linux");
    }

    @Test
    void whereDockerIsRootNeedsNoPodmanAndEverybodyElseIsToldWhyHeDoes() {
        assertThat(help(true, "nft", Set.of("apt-get", "docker", "runc", "ip", "skopeo")))
                .endsWith("install it with: apt-get install -y nftables");
        assertThat(help(false, "podman", Set.of("apt-get", "docker", "runc", "ip")))
                .contains("install -y uidmap podman")
                .endsWith(
                        "(Docker is here, but contains agents for root alone; podman can stand beside it)");
    }

    /// With a real path that has none of the programs.
    @Test
    void aLaunchWithoutPodmanOnThePathNamesTheCommand() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/apt-get")), "SKIPPED: this is no Debian");
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Requirement.class.getName());
        builder.environment().put("PATH", empty.toString());
        var process = builder.start();
        var said = process.inputReader().readLine();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .startsWith("MISSING_PROGRAM: expected the program podman on the path")
                .contains("apt-get install -y")
                .contains("podman", "runc");
    }

    private static String help(boolean root, Set<String> present) {
        return help(root, "podman", present);
    }

    private static String help(boolean root, String program, Set<String> present) {
        return new MissingProgram(present::contains, root).help(program);
    }

    /// Says what this machine lacks.
    static final class Requirement {

        private Requirement() {}

        public static void main(String[] arguments) {
            try {
                Launcher.requireMachine();
            } catch (LaunchException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
