package dev.casemate.container.launch.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.trial.Finding.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The list of what holds each attempt, and what follows from it.
final class ExpectationsTest {

    private final Expectations expectations = Expectations.read();

    @Test
    void withEveryControlEveryAttemptIsExpectedToBeHeld() {
        assertThat(expectations.holders()).hasSizeGreaterThan(200);
        assertThat(as(Outcome.HELD, Set.of()).asExpected()).isFalse();
        assertThat(surprises(Outcome.HELD, Set.of())).isEmpty();
        assertThat(surprises(Outcome.CAME_ABOUT, Set.of())).hasSameSizeAs(keys());
    }

    @Test
    void eachControlSwitchedOffAloneIsExpectedToLetSomethingThrough() {
        for (var control : TrialControl.values()) {
            var off = Set.of(control);
            assertThat(as(Outcome.HELD, off).heldByMachine()).as(control.option()).isNotEmpty();
            assertThat(as(Outcome.HELD, off).letsThrough()).as(control.option()).isFalse();
            assertThat(as(Outcome.CAME_ABOUT, off).letsThrough()).as(control.option()).isTrue();
        }
        assertThat(as(Outcome.CAME_ABOUT, Set.of()).letsThrough()).isFalse();
    }

    @Test
    void eachControlAloneIsExpectedToHoldSomething() {
        long always =
                expectations.holders().values().stream()
                        .filter(alternatives -> alternatives.contains(Set.<TrialControl>of()))
                        .count();
        for (var control : TrialControl.values()) {
            var others = EnumSet.complementOf(EnumSet.of(control));
            assertThat(surprises(Outcome.CAME_ABOUT, others))
                    .as(control.option())
                    .hasSizeGreaterThan((int) always);
        }
    }

    @Test
    void anAttemptThatWasNotMadeIsNoneThatWasHeld() {
        var finding = finding(keys().getFirst(), Outcome.NOT_TRIED);
        assertThat(expectations.met(finding, Set.of())).isFalse();
        assertThat(new ResultTable(Set.of(), List.of(), expectations).surprises())
                .hasSameSizeAs(keys());
    }

    @Test
    void aMachineMayHoldMoreThanTheControlsDoAndNeverLess() {
        var off = Set.of(TrialControl.values());
        assertThat(surprises(Outcome.HELD, off)).isEmpty();
        assertThat(as(Outcome.HELD, off).heldByMachine()).isNotEmpty();
        assertThat(as(Outcome.HELD, Set.of()).heldByMachine()).isEmpty();
    }

    @Test
    void aLaunchWasCutShortOnlyIfNothingWorseIsAmiss() {
        assertThat(new ResultTable(Set.of(), List.of(), expectations).cutShort()).isTrue();
        assertThat(as(Outcome.NOT_TRIED, Set.of()).cutShort()).isTrue();
        assertThat(as(Outcome.CAME_ABOUT, Set.of()).cutShort()).isFalse();
        var nothingAmiss = keys().stream().map(key -> finding(key, Outcome.HELD)).toList();
        assertThat(new ResultTable(Set.of(), nothingAmiss, expectations).cutShort()).isFalse();
    }

    @Test
    void whatTheKernelDoesNotHaveProvesNothing() {
        assertThat(surprises(Outcome.ABSENT, Set.of())).isEmpty();
        var allowed = new Finding("native", Expectations.ALLOWED, "any", Outcome.ABSENT, "ENOSYS");
        assertThat(expectations.met(allowed, Set.of())).isFalse();
    }

    @Test
    void whatIsAllowedHasToComeAbout() {
        var allowed = new Finding("java", Expectations.ALLOWED, "any", Outcome.HELD, "timed out");
        assertThat(expectations.met(allowed, Set.of())).isFalse();
    }

    @Test
    void thePageIsTheOneThatTheListMakes() throws Exception {
        assertThat(new DefencePage(expectations).text())
                .isEqualTo(Files.readString(Path.of("../../docs/defence-in-depth.md")));
    }

    private List<String> keys() {
        return new ArrayList<>(expectations.holders().keySet());
    }

    private List<String> surprises(Outcome outcome, Set<TrialControl> without) {
        return as(outcome, without).surprises().stream()
                .filter(line -> !line.contains("| allowed |"))
                .toList();
    }

    /// Every attempt with the same end, and something allowed that was held.
    private ResultTable as(Outcome outcome, Set<TrialControl> without) {
        var findings = new ArrayList<Finding>();
        keys().forEach(key -> findings.add(finding(key, outcome)));
        findings.add(new Finding("java", Expectations.ALLOWED, "any", Outcome.HELD, "nothing"));
        return new ResultTable(without, findings, expectations);
    }

    private static Finding finding(String key, Outcome outcome) {
        var parts = key.split(" \\| ", 3);
        return new Finding(parts[0], parts[1], parts[2], outcome, "seen");
    }
}
