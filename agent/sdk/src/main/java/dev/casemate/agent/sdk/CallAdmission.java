package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Decides what is to become of a call before anything of it runs, from the call and from what this
/// run did before.
final class CallAdmission {

    /// Longer arguments are refused unread.
    static final int MAX_ARGUMENT_CHARS = 65_536;

    /// What is to become of a call.
    sealed interface Verdict {

        /// It does not run, and this is its answer.
        record Settled(ToolOutcome outcome) implements Verdict {}

        /// It may run, once a human has allowed it where the tool requires that.
        record Admitted(ToolSpec tool, Json arguments, IdempotencyKey key) implements Verdict {}
    }

    private final AgentLoop loop;
    private final AgentManifest manifest;
    private final Provenance provenance;
    private final Map<IdempotencyKey, String> written = new HashMap<>();

    CallAdmission(AgentLoop loop, String task) {
        this.loop = loop;
        manifest = loop.tools().manifest();
        provenance = new Provenance(manifest, task);
    }

    Verdict of(ToolCall call) {
        var tool = manifest.tool(call.name());
        if (tool.isEmpty()) {
            return refused(
                    Refusal.UNKNOWN_TOOL,
                    manifest.tools().stream()
                            .map(ToolSpec::name)
                            .collect(
                                    Collectors.joining(
                                            ", ", "There is no such tool. There are only: ", ".")));
        }
        if (call.arguments().length() > MAX_ARGUMENT_CHARS) {
            return refused(
                    Refusal.INVALID_ARGUMENTS,
                    "Expected at most " + MAX_ARGUMENT_CHARS + " characters.");
        }
        Json arguments;
        try {
            arguments = JsonReader.read(call.arguments());
        } catch (ManifestException e) {
            return refused(
                    Refusal.INVALID_ARGUMENTS, "Expected one JSON object. " + e.getMessage());
        }
        return of(tool.get(), arguments);
    }

    private Verdict of(ToolSpec tool, Json arguments) {
        var key = IdempotencyKey.of(loop.correlation(), tool.name(), arguments);
        var before = Optional.ofNullable(written.get(key));
        if (before.isPresent()) {
            return new Verdict.Settled(new ToolOutcome.Repeated(before.get()));
        }
        var handling = tool.handling();
        Optional<? extends ToolOutcome> refusal = Optional.empty();
        // Everywhere else the tool set itself checks, when it is called.
        if (handling.approval().isPresent() || !handling.trustedArguments().isEmpty()) {
            refusal = check(tool, arguments);
        }
        if (refusal.isEmpty()) {
            refusal = provenance.refusal(tool, arguments);
        }
        return refusal.<Verdict>map(Verdict.Settled::new)
                .orElseGet(() -> new Verdict.Admitted(tool, arguments, key));
    }

    private Optional<? extends ToolOutcome> check(ToolSpec tool, Json arguments) {
        try {
            return loop.tools().check(tool.name(), arguments);
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of(
                    new ToolOutcome.Failed(
                            e.getClass().getName(),
                            "The tool's arguments could not be checked, so it was not run."));
        }
    }

    private static Verdict refused(Refusal reason, String text) {
        return new Verdict.Settled(new ToolOutcome.Refused(reason, text));
    }

    /// What a call that was admitted returned.
    void answered(Verdict.Admitted call, String result) {
        provenance.remember(call.tool(), result);
        if (call.tool().effect() == Effect.WRITE) {
            written.put(call.key(), result);
        }
    }
}
