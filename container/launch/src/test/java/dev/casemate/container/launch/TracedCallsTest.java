package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The list of system calls against what bench/syscalls saw: it cannot grow without a reason.
final class TracedCallsTest {

    @Test
    void everyCallOnTheListWasTracedOrSaysWhyItIsKept() throws IOException {
        var traced = traced();
        for (var group : SeccompProfile.groups()) {
            var untraced = new TreeSet<>(RefusedCall.names(group, "names"));
            untraced.removeAll(traced);
            assertThat(RefusedCall.names(group, "untraced"))
                    .as(group.text("group").orElseThrow())
                    .containsExactlyInAnyOrderElementsOf(untraced);
            assertThat(group.text("kept").isPresent())
                    .as(group.text("group").orElseThrow())
                    .isEqualTo(!untraced.isEmpty());
        }
    }

    @Test
    void whatWasTracedAndIsNotOnTheListIsKnown() throws IOException {
        var listed =
                SeccompProfile.groups().stream()
                        .flatMap(group -> RefusedCall.names(group, "names").stream())
                        .collect(Collectors.toSet());
        var refused = new TreeSet<>(traced());
        refused.removeAll(listed);
        // Advice to the page cache: the JDK goes on without.
        assertThat(refused).containsExactly("fadvise64");
    }

    @Test
    void everyCallOnTheListWasRefusedOnceAndTheRecordSaysWhatBroke() throws IOException {
        var list = RefusedCall.ofTheList();
        assertThat(list).noneMatch(call -> call.breaks().isEmpty());
        assertThat(RefusedCall.record()).hasSameSizeAs(list);
    }

    private static Set<String> traced() throws IOException {
        try (var stream = TracedCallsTest.class.getResourceAsStream("traced-calls.txt")) {
            assertThat(stream).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[ \t]", 2)[0])
                    .collect(Collectors.toSet());
        }
    }
}
