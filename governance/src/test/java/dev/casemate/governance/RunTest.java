package dev.casemate.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.Exit;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.Position;
import dev.casemate.proxy.audit.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A drill must be able to fail: what it concludes from a run in which an attack came through.
class RunTest {

    @Test
    void a_run_in_which_a_foreign_tool_ran_says_so() {
        var run =
                run(
                        List.of(),
                        "{\"event\":\"run_started\"}",
                        "{\"event\":\"tool_call\",\"tool\":\"bash\",\"outcome\":\"answered\"}",
                        "{\"event\":\"run_ended\",\"end\":\"answered\",\"answer\":\"root\"}");

        assertThat(run.answeredTools()).containsExactly("bash");
        assertThat(run.refusedCalls()).isEmpty();
        assertThat(run.proxyRefusal()).isEmpty();
        assertThat(run.answer()).contains("root");
    }

    @Test
    void refusals_of_both_layers_are_found_with_their_evidence() {
        var refused =
                new LedgerEntry(
                        LedgerEntry.Kind.ANSWER,
                        Instant.EPOCH,
                        "x",
                        Optional.of("a"),
                        Optional.empty(),
                        Json.object().put("code", "illegal_tool_call").build());
        var run =
                run(
                        List.of(new Stored(new Position(17), refused, Digest.of(new byte[0]))),
                        "{\"event\":\"tool_call\",\"tool\":\"bash\",\"outcome\":\"refused\",\"reason\":\"unknown_tool\"}");

        assertThat(run.proxyRefusal()).contains("illegal_tool_call, ledger record 17");
        assertThat(run.refusedCalls()).containsExactly("unknown_tool bash");
        assertThat(run.end()).isEqualTo("unknown");
        assertThat(run.started()).isFalse();
    }

    @Test
    void a_failure_of_the_proxy_is_no_refusal_by_a_control() {
        var failed =
                new LedgerEntry(
                        LedgerEntry.Kind.ANSWER,
                        Instant.EPOCH,
                        "x",
                        Optional.of("a"),
                        Optional.empty(),
                        Json.object().put("code", "upstream_unreachable").build());
        var record = new Stored(new Position(3), failed, Digest.of(new byte[0]));

        assertThat(run(List.of(record)).proxyRefusal()).isEmpty();
    }

    private static Run run(List<Stored> records, String... events) {
        var lines = Stream.of(events).map(line -> (Json.Obj) JsonReader.read(line)).toList();
        return new Run("run-1", new Exit(0, Exit.Reason.COMPLETED, Duration.ZERO), lines, records);
    }
}
