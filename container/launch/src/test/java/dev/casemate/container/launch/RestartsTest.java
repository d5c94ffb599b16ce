package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.launch.Exit.Reason;
import dev.casemate.container.launch.LaunchException.Code;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestartsTest {

    private final List<Duration> waits = new ArrayList<>();
    private final List<Integer> attempts = new ArrayList<>();

    @Test
    void whatComesBackEachTimeStaysStoppedAfterTheLastAttempt() {
        var exit = run(8, new Exit(1, Reason.PROCESSES, Duration.ZERO));
        assertThat(exit.reason()).isEqualTo(Reason.PROCESSES);
        assertThat(attempts).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(waits.stream().map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void withoutRestartsThereIsOneAttempt() {
        run(0, new Exit(1, Reason.FAILED, Duration.ZERO));
        assertThat(attempts).containsExactly(1);
        assertThat(waits).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETED, 0, false",
        "STOPPED, 143, false",
        "NOT_STARTED, 125, false",
        "FAILED, 1, true",
        "FAILED, 64, false",
        "FAILED, 65, false",
        "FAILED, 69, false",
        "FAILED, 75, false",
        "OUT_OF_MEMORY, 3, true",
        "PROCESSES, 1, true",
        "TEMPORARY_FILES, 1, true",
        "PROCESSOR, 137, true",
        "DISK, 137, true",
        "DEADLINE, 137, true",
        "KILLED, 137, true"
    })
    void onlyWhatAnotherTryCanMendIsTriedAgain(Reason reason, int code, boolean again) {
        run(1, new Exit(code, reason, Duration.ZERO));
        assertThat(attempts).hasSize(again ? 2 : 1);
    }

    @Test
    void whatIsNotOnRecordIsNotStartedAgain() {
        run(3, new Exit(1, Reason.FAILED, Duration.ZERO).recorded(false));
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void aRefusedLaunchIsNotTriedAgain() {
        var restarts = new Restarts(3, waits::add, line -> {});
        assertThatThrownBy(() ->
                        restarts.run(attempt -> {
                            attempts.add(attempt);
                            if (attempt == 2) {
                                throw new LaunchException(Code.NETWORK_OPEN, "expected it shut");
                            }
                            return new Exit(1, Reason.FAILED, Duration.ZERO);
                        }))
                .isInstanceOf(LaunchException.class);
        assertThat(attempts).containsExactly(1, 2);
    }

    @Test
    void linesThatWereReadCannotBeGivenAgain() {
        var once = new Supervision(Optional.empty(), 1);
        assertThatThrownBy(() -> once.require(new Work.Lines(InputStream.nullInputStream())))
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_REQUEST));
        once.require(new Work.Queue());
        assertThatThrownBy(() -> new Supervision(Optional.empty(), 11))
                .isInstanceOf(LaunchException.class);
    }

    private Exit run(int allowed, Exit end) {
        return new Restarts(allowed, waits::add, line -> {})
                .run(attempt -> {
                    attempts.add(attempt);
                    return end.ofAttempt(attempt).recorded(end.onRecord());
                });
    }
}
