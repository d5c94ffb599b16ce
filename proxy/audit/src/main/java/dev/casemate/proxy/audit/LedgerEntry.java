package dev.casemate.proxy.audit;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// One thing that happened, as it is put on record.
///
/// @param exchange names the prompt, its answer or its refusal; 1 to 128 characters, no controls
/// @param agent the agent's name; empty where the caller was not known
/// @param correlation the run, workflow and transaction; empty where the caller named none
/// @param body what happened; its members depend on the kind
public record LedgerEntry(
        Kind kind,
        Instant at,
        String exchange,
        Optional<String> agent,
        Optional<Correlation> correlation,
        Json.Obj body) {

    /// What an entry records.
    public enum Kind {
        /// A prompt, durable before it left.
        PROMPT,
        /// What became of a prompt, durable before its last byte left.
        ANSWER,
        /// A request that reached no upstream.
        REFUSAL,
        /// Something that a run said of itself, or its launcher of it.
        RUN_EVENT,
        /// Spans of OpenTelemetry that a run told of itself.
        SPANS,
        /// The launcher is about to start a container; durable before it does.
        CONTAINER_STARTED,
        /// Lines that a container printed, as its launcher heard them.
        CONTAINER_LOG,
        /// How a container ended, and which limit it ran into, as its launcher saw it.
        CONTAINER_ENDED
    }

    private static final int MAX_EXCHANGE_CHARS = 128;

    public LedgerEntry {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(at);
        Objects.requireNonNull(agent);
        Objects.requireNonNull(correlation);
        Objects.requireNonNull(body);
        if (exchange.isBlank()
                || exchange.length() > MAX_EXCHANGE_CHARS
                || exchange.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "expected an exchange id of 1 to 128 characters without controls");
        }
    }
}
