package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PodmanUnitTest {

    /// What podman-systemd.unit(5) of podman 5 and systemd.service(5) know, by section.
    private static final Map<String, Set<String>> KNOWN =
            Map.of(
                    "Unit",
                    Set.of(
                            "Description",
                            "Requires",
                            "After",
                            "Before",
                            "StartLimitIntervalSec",
                            "StartLimitBurst"),
                    "Container",
                    Set.of(
                            "ContainerName",
                            "Image",
                            "Pull",
                            "Exec",
                            "User",
                            "Group",
                            "ReadOnly",
                            "ReadOnlyTmpfs",
                            "Tmpfs",
                            "Volume",
                            "Secret",
                            "DropCapability",
                            "NoNewPrivileges",
                            "SeccompProfile",
                            "PidsLimit",
                            "Ulimit",
                            "Network",
                            "HostName",
                            "EnvironmentHost",
                            "Environment",
                            "PodmanArgs"),
                    "Service",
                    Set.of(
                            "Type",
                            "RemainAfterExit",
                            "ExecStart",
                            "ExecStopPost",
                            "Restart",
                            "RestartSec",
                            "RuntimeMaxSec",
                            "TimeoutStopSec"),
                    "Install",
                    Set.of("WantedBy"));

    @TempDir private Path directory;

    static List<Subject> subjects() {
        return Subjects.all();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void everyKeyOfEveryUnitIsKnown(Subject subject) {
        int units = 0;
        for (var file : rendering(subject).files()) {
            if (file.name().endsWith(".container") || file.name().endsWith(".service")) {
                var section = "";
                for (var line : file.text().lines().toList()) {
                    if (line.startsWith("[")) {
                        section = line.substring(1, line.length() - 1);
                        assertThat(KNOWN).containsKey(section);
                    } else if (!line.isEmpty() && !line.startsWith("#")) {
                        assertThat(KNOWN.get(section))
                                .contains(line.substring(0, line.indexOf('=')));
                    }
                }
                units++;
            }
        }
        assertThat(units).isEqualTo(2 * subject.replicas());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void theGeneratorOfPodmanMakesServicesOfTheUnits(Subject subject) throws Exception {
        var generator = Programs.require("podman-system-generator");
        for (var file : rendering(subject).files()) {
            if (file.name().endsWith(".container")) {
                Files.writeString(directory.resolve(file.name()), file.text());
            }
        }
        var result =
                Programs.run(
                        directory,
                        Map.of("QUADLET_UNIT_DIRS", directory.toString()),
                        List.of(generator.toString(), "--dryrun", "--no-kmsg-log"));
        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("ExecStart=")
                .doesNotContain("unsupported key", "error occurred");
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void theRulesAreOnesThatNftTakes(Subject subject) throws Exception {
        var nft = Programs.require("nft").toString();
        var unshare = Programs.require("unshare").toString();
        if (Programs.run(directory, Map.of(), List.of(unshare, "--net", nft, "list", "ruleset"))
                        .code()
                != 0) {
            abort("a network namespace of its own takes root");
        }
        int rules = 0;
        for (var file : rendering(subject).files()) {
            if (file.name().endsWith(".nft")) {
                var copy = Files.writeString(directory.resolve("rules.nft"), file.text());
                var result =
                        Programs.run(
                                directory,
                                Map.of(),
                                List.of(unshare, "--net", nft, "-f", copy.toString()));
                assertThat(result.code()).as(result.output()).isZero();
                rules++;
            }
        }
        assertThat(rules).isEqualTo(2 * subject.replicas());
    }

    @Test
    void replicasShareNeitherLinkNorAddressNorLedger() {
        var files = rendering(Subjects.proxy()).files();
        var hosts =
                files.stream()
                        .filter(file -> file.name().endsWith("-host.nft"))
                        .map(RenderedFile::text)
                        .toList();
        assertThat(hosts).hasSize(2).doesNotHaveDuplicates();
        assertThat(hosts.getFirst()).contains("tcp dport 8443 dnat ip to 10.213.7.2:8443");
        assertThat(hosts.getLast()).contains("tcp dport 8444 dnat ip to 10.213.7.6:8443");
    }

    private static Rendering rendering(Subject subject) {
        return Rendering.of(Subjects.places().get(3), subject);
    }
}
