package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.trial.Finding.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What holds each attempt, as `attempts.txt` says: one or more alternatives, each enough by
/// itself; an alternative is one control, or several that hold it only together.
final class Expectations {

    /// The area of attempts that have to come about.
    static final String ALLOWED = "allowed";

    /// In place of controls: holds in every launch.
    private static final String ALWAYS = "always";

    private static final String RESOURCE = "attempts.txt";

    private final Map<String, List<Set<TrialControl>>> holders;

    private Expectations(Map<String, List<Set<TrialControl>>> holders) {
        this.holders = holders;
    }

    static Expectations read() {
        try (var stream = Expectations.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + RESOURCE);
            }
            var holders = new LinkedHashMap<String, List<Set<TrialControl>>>();
            for (var line :
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int last = line.lastIndexOf(" | ");
                    holders.put(line.substring(0, last), alternatives(line.substring(last + 3)));
                }
            }
            return new Expectations(holders);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Set<TrialControl>> alternatives(String text) {
        var alternatives = new ArrayList<Set<TrialControl>>();
        for (var alternative : text.strip().split(", ", -1)) {
            alternatives.add(
                    alternative.equals(ALWAYS)
                            ? Set.of()
                            : Arrays.stream(alternative.split("\\+", -1))
                                    .map(TrialControl::of)
                                    .collect(Collectors.toSet()));
        }
        return List.copyOf(alternatives);
    }

    /// The attempts that a trial has to make, as [Finding#key] names them, and what holds them.
    Map<String, List<Set<TrialControl>>> holders() {
        return holders;
    }

    /// What is to be seen with these controls off.
    Outcome expected(Finding finding, Set<TrialControl> without) {
        if (finding.area().equals(ALLOWED)) {
            return Outcome.CAME_ABOUT;
        }
        var alternatives = holders.get(finding.key());
        if (alternatives == null) {
            throw new IllegalStateException(
                    "expected a line in " + RESOURCE + " for: " + finding.key());
        }
        return alternatives.stream()
                        .anyMatch(alternative -> alternative.stream().noneMatch(without::contains))
                ? Outcome.HELD
                : Outcome.CAME_ABOUT;
    }

    /// Whether what was seen is what was expected. What this kernel does not have proves nothing
    /// either way, and a machine may hold more than the controls do.
    boolean met(Finding finding, Set<TrialControl> without) {
        return finding.outcome() == expected(finding, without)
                || (!finding.area().equals(ALLOWED)
                        && (finding.outcome() == Outcome.HELD
                                || finding.outcome() == Outcome.ABSENT));
    }

    /// Whether an attempt was held that no control holds any more: by this machine itself.
    boolean heldByMachine(Finding finding, Set<TrialControl> without) {
        return finding.outcome() == Outcome.HELD
                && expected(finding, without) == Outcome.CAME_ABOUT
                && met(finding, without);
    }

    /// The controls that hold an attempt while these are off, for people.
    String holding(Finding finding, Set<TrialControl> without) {
        return holders.getOrDefault(finding.key(), List.of()).stream()
                .filter(alternative -> alternative.stream().noneMatch(without::contains))
                .map(Expectations::text)
                .collect(Collectors.joining(", "));
    }

    static String text(Set<TrialControl> alternative) {
        return alternative.isEmpty()
                ? ALWAYS
                : alternative.stream()
                        .sorted()
                        .map(TrialControl::option)
                        .collect(Collectors.joining(" and "));
    }
}
