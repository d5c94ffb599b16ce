package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.Attribution.Seen;
import dev.casemate.container.launch.Exit.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AttributionTest {

    private static final Duration RUN = Duration.ofSeconds(10);

    @Test
    void codeZeroIsAnEndAsItShouldBeWhateverWasRefusedOnTheWay() {
        assertThat(reason(seen(0, Meter.PROCESSES_REFUSED, 5))).isEqualTo(Reason.COMPLETED);
        assertThat(reason(seen(0, Meter.TEMPORARY_FREE_BYTES, 0))).isEqualTo(Reason.COMPLETED);
    }

    @Test
    void javasCodeForNoMemoryIsTheLimitOfProcessesIfOneWasRefused() {
        assertThat(reason(seen(3, Meter.PROCESSES_REFUSED, 0))).isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(reason(seen(3, Meter.PROCESSES_REFUSED, 2))).isEqualTo(Reason.PROCESSES);
    }

    @Test
    void anErrorWithoutAnyLimitInSightIsOnlyThat() {
        assertThat(reason(seen(1, Meter.TEMPORARY_FREE_BYTES, 4096))).isEqualTo(Reason.FAILED);
        assertThat(reason(seen(1, Meter.MEMORY_LIMIT_HITS, 9))).isEqualTo(Reason.FAILED);
    }

    @Test
    void aMeterThatWasNotReadIsNotZero() {
        var unread = new Seen(1, false, false, false, Meters.NONE, Meters.NONE, RUN, none());
        assertThat(reason(unread)).isEqualTo(Reason.FAILED);
    }

    @Test
    void anErrorWhileTheTemporaryFilesAreFullIsPutDownToThem() {
        assertThat(reason(seen(1, Meter.TEMPORARY_FREE_BYTES, 0)))
                .isEqualTo(Reason.TEMPORARY_FILES);
    }

    @Test
    void whatTheAgentSaysItselfGoesBeforeCounters() {
        var exit =
                Attribution.of(
                        new Seen(
                                65,
                                false,
                                false,
                                false,
                                meters(Meter.PROCESSES_REFUSED, 3),
                                Meters.NONE,
                                RUN,
                                Optional.of("tool_call_limit")),
                        RUN);
        assertThat(exit.reason()).isEqualTo(Reason.FAILED);
        assertThat(exit.seen())
                .containsExactly(
                        "the kernel refused it a process or thread 3 times",
                        "the agent told the end of its run as tool_call_limit");
    }

    @Test
    void theKernelsKillIsToldFromAnyOther() {
        assertThat(reason(seen(137, Meter.MEMORY_KILLS, 1))).isEqualTo(Reason.OUT_OF_MEMORY);
        assertThat(reason(seen(137, Meter.MEMORY_KILLS, 0))).isEqualTo(Reason.KILLED);
    }

    @Test
    void anOverdueRunIsTheProcessorsOnlyIfItWasHeldBackForHalfOfIt() {
        assertThat(reason(overdue(50))).isEqualTo(Reason.PROCESSOR);
        assertThat(reason(overdue(49))).isEqualTo(Reason.DEADLINE);
        assertThat(reason(overdue(0))).isEqualTo(Reason.DEADLINE);
    }

    @Test
    void anOverdueRunIsTheDisksOnlyIfItsBandwidthWasUsedUpForHalfOfIt() {
        assertThat(reason(overdue(Meter.DISK_USED_UP_MILLIS, 5_000))).isEqualTo(Reason.DISK);
        assertThat(reason(overdue(Meter.DISK_USED_UP_MILLIS, 4_999))).isEqualTo(Reason.DEADLINE);
        assertThat(Attribution.of(overdue(Meter.DISK_USED_UP_MILLIS, 5_000), RUN).seen())
                .contains("its bandwidth of the disk was used up for 5000 of 10000 ms");
        assertThat(Reason.DISK.limit()).contains("ioBytesPerSecond");
    }

    @Test
    void theProcessorGoesBeforeTheDisk() {
        var both =
                new Meters(
                        Map.of(
                                Meter.PROCESSOR_PERIODS_THROTTLED,
                                50L,
                                Meter.DISK_USED_UP_MILLIS,
                                5_000L));
        assertThat(reason(overdue(both))).isEqualTo(Reason.PROCESSOR);
    }

    @Test
    void whatWasUsedUpExplainsNoEndButThatAtTheDeadline() {
        var used = meters(Meter.DISK_USED_UP_MILLIS, 10_000);
        assertThat(reason(new Seen(1, false, false, false, used, used, RUN, none())))
                .isEqualTo(Reason.FAILED);
    }

    @Test
    void whatTheLauncherWasToldToEndIsStopped() {
        assertThat(reason(new Seen(143, false, false, true, Meters.NONE, Meters.NONE, RUN, none())))
                .isEqualTo(Reason.STOPPED);
    }

    private static Seen overdue(long throttled) {
        var meters =
                new Meters(
                        Map.of(
                                Meter.PROCESSOR_PERIODS,
                                100L,
                                Meter.PROCESSOR_PERIODS_THROTTLED,
                                throttled));
        return overdue(meters);
    }

    private static Seen overdue(Meter meter, long value) {
        return overdue(meters(meter, value));
    }

    private static Seen overdue(Meters meters) {
        return new Seen(137, false, true, false, meters, meters, RUN, none());
    }

    private static Seen seen(int code, Meter meter, long value) {
        return new Seen(code, false, false, false, meters(meter, value), Meters.NONE, RUN, none());
    }

    private static Meters meters(Meter meter, long value) {
        var values = new EnumMap<Meter, Long>(Meter.class);
        values.put(meter, value);
        return new Meters(values);
    }

    private static Optional<String> none() {
        return Optional.empty();
    }

    private static Reason reason(Seen seen) {
        return Attribution.of(seen, RUN).reason();
    }
}
