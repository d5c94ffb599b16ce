package dev.casemate.governance;

import dev.casemate.container.launch.Exit;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.Stored;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One contained run, as the container's log and the ledger tell it.
///
/// @param id the run's id in the ledger
/// @param events what the agent printed, one JSON object a line
/// @param records what the ledger holds of it, in order
record Run(String id, Exit exit, List<Json.Obj> events, List<Stored> records) {

    /// What the proxy says when a control stopped something; its other codes are failures, and a
    /// failure is no proof of anything.
    private static final Set<String> CONTROLS =
            Set.of(
                    "answer_blocked",
                    "budget_exceeded",
                    "illegal_tool_call",
                    "model_not_in_manifest",
                    "policy_blocked",
                    "tool_differs_from_manifest",
                    "tool_not_in_manifest");

    Run {
        events = List.copyOf(events);
        records = List.copyOf(records);
    }

    boolean started() {
        return named("run_started").findAny().isPresent();
    }

    /// How it ended, in the agent's own word; `unknown` if it did not say.
    String end() {
        return named("run_ended")
                .flatMap(event -> event.text("end").stream())
                .findFirst()
                .orElse("unknown");
    }

    Optional<String> answer() {
        return named("run_ended").flatMap(event -> event.text("answer").stream()).findFirst();
    }

    /// Names of the tools that ran.
    List<String> answeredTools() {
        return named("tool_call")
                .filter(event -> event.text("outcome").equals(Optional.of("answered")))
                .flatMap(event -> event.text("tool").stream())
                .toList();
    }

    /// Refusals of the agent itself, as reason and tool.
    List<String> refusedCalls() {
        return named("tool_call")
                .filter(event -> event.text("outcome").equals(Optional.of("refused")))
                .map(event -> event.text("reason").orElse("") + " " + event.text("tool").orElse(""))
                .toList();
    }

    /// The first refusal by a control of the proxy: its code and the number of its ledger record.
    Optional<String> proxyRefusal() {
        return records.stream()
                .filter(record -> record.entry().kind() != LedgerEntry.Kind.RUN_EVENT)
                .flatMap(record ->
                        record.entry().body().text("code").filter(CONTROLS::contains).stream()
                                .map(code -> code + ", ledger record " + record.position().index()))
                .findFirst();
    }

    private Stream<Json.Obj> named(String event) {
        return events.stream().filter(line -> line.text("event").equals(Optional.of(event)));
    }
}
