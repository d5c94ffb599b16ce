package dev.casemate.container.launch.trial;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The page that says which control holds what. What it says was seen in a trial with every
/// control, one without each and one with each alone; what a kernel lacks, or a machine holds by
/// itself, counts as it is listed.
record DefencePage(Expectations expectations) {

    String text() {
        var holders = expectations.holders();
        var page =
                new StringBuilder(
                        """
                        # Defence in depth

                        Written by `casemate probe IMAGE --document FILE`, and only if everything that it says was seen: in a
                        trial with every control, in one without each, and in one with each alone. Attempts are made by
                        system calls of a small program (native) and in the agent's runtime (java). What this machine's kernel
                        does not have, or holds by itself, is taken as listed.

                        With every control, **none of %d attempts comes about**.

                        | control | what it is | attempts that come about without it | attempts that it holds alone, without the others |
                        |---|---|---:|---:|
                        """
                                .formatted(holders.size()));
        for (var control : TrialControl.values()) {
            page.append(
                    "| `%s` | %s | %d | %d |%n"
                            .formatted(
                                    control.option(),
                                    control.meaning(),
                                    open(Set.of(control)),
                                    holders.size()
                                            - open(EnumSet.complementOf(EnumSet.of(control)))
                                            - always()));
        }
        page.append(
                """

                %d attempts are held in every launch: by name spaces, by what podman masks, or because the image holds
                nothing of the kind.

                ## Attempts

                A comma parts controls of which each is enough; `and` joins those that hold only together.

                | how | against | attempt | held by |
                |---|---|---|---|
                """
                        .formatted(always()));
        holders.forEach((key, alternatives) ->
                page.append("| %s | %s |%n".formatted(key, text(alternatives))));
        return page.toString();
    }

    private long open(Set<TrialControl> without) {
        return expectations.holders().values().stream()
                .filter(alternatives ->
                        alternatives.stream()
                                .allMatch(alternative ->
                                        alternative.stream().anyMatch(without::contains)))
                .count();
    }

    private long always() {
        return expectations.holders().values().stream()
                .filter(alternatives -> alternatives.contains(Set.<TrialControl>of()))
                .count();
    }

    private static String text(List<Set<TrialControl>> alternatives) {
        return alternatives.stream().map(Expectations::text).collect(Collectors.joining(", "));
    }
}
