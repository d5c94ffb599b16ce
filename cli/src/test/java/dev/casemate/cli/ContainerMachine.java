package dev.casemate.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What contained runs need of a machine; without it their tests are skipped, with the reason.
final class ContainerMachine {

    private ContainerMachine() {}

    static void require() {
        assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "contained runs need root for network namespaces");
        for (var tool : List.of("podman", "runc", "nft", "ip")) {
            assumeTrue(onPath(tool), "contained runs need " + tool);
        }
    }

    static boolean runsContainers() {
        return "root".equals(System.getProperty("user.name"))
                && Stream.of("podman", "runc", "nft", "ip").allMatch(ContainerMachine::onPath);
    }

    static boolean onPath(String tool) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
