package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlacesTest {

    @TempDir Path directory;

    private final List<List<String>> run = new ArrayList<>();
    private final Commands commands =
            (arguments, input, limit) -> {
                run.add(arguments);
                return new Commands.Outcome(0, "");
            };

    private Places places() {
        return new Places(directory.resolve("launches"), new Remains(commands));
    }

    @Test
    void launchesAtTheSameTimeTakeDifferentPlaces() throws Exception {
        var taking = new ArrayList<Callable<LaunchId>>();
        for (int i = 0; i < 16; i++) {
            taking.add(() -> places().take(line -> {}));
        }
        var slots = new HashSet<Integer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var taken : threads.invokeAll(taking)) {
                slots.add(taken.get().slot());
            }
        }
        assertThat(slots).hasSize(16);
    }

    @Test
    void theStateOfLaunchesIsRootsAlone() throws IOException {
        places().take(line -> {});
        assertThat(Files.getPosixFilePermissions(directory.resolve("launches")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatADeadLaunchLeftIsTakenAwayAndItsPlaceIsFree() throws IOException {
        var dead = new LaunchId(0, "deadbeef");
        left(dead, "4194305 1000");
        var taken = places().take(line -> {});
        assertThat(taken.slot()).isZero();
        assertThat(directory.resolve("launches/000-deadbeef")).doesNotExist();
        assertThat(run)
                .contains(
                        List.of(
                                "podman",
                                "rm",
                                "--force",
                                "--ignore",
                                "--time",
                                "0",
                                "casemate-000-deadbeef"));
    }

    @Test
    void aProcessThatOnlyHasTheNumberOfTheOwnerIsNotTheOwner() throws IOException {
        left(new LaunchId(0, "deadbeef"), ProcessHandle.current().pid() + " 1");
        assertThat(places().take(line -> {}).slot()).isZero();
    }

    @Test
    void aLivingLaunchIsLeftAlone() {
        var living = places().take(line -> {});
        var next = places().take(line -> {});
        assertThat(next.slot()).isNotEqualTo(living.slot());
        assertThat(run).isEmpty();
    }

    @Test
    void whatCannotBeTakenAwayIsSaidAndKeepsItsPlace() throws IOException {
        left(new LaunchId(0, "deadbeef"), "4194305 1000");
        Commands failing = (arguments, input, limit) -> new Commands.Outcome(1, "busy");
        var said = new ArrayList<String>();
        var taken = new Places(directory.resolve("launches"), new Remains(failing)).take(said::add);
        assertThat(said).singleElement().asString().contains("podman rm");
        assertThat(taken.slot()).isEqualTo(1);
    }

    private void left(LaunchId id, String owner) throws IOException {
        var files = new LaunchFiles(directory.resolve("launches"), id);
        Files.createDirectories(files.directory());
        Files.writeString(files.owner(), owner);
    }
}
