package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.time.Instant;
import java.util.Optional;

/// One span of OpenTelemetry that has ended.
///
/// Names and attributes are those of the GenAI semantic conventions: `invoke_agent {agent}`, `chat
/// {model}`, `execute_tool {tool}`. No prompt, argument or result is in them.
///
/// @param parent the id of the span around it; empty for the outermost
/// @param attributes strings, whole numbers, flags and lists of strings by attribute name
/// @param error the attribute `error.type`; empty if it went well
public record Span(
        TraceContext context,
        Optional<String> parent,
        String name,
        Kind kind,
        Instant start,
        Instant end,
        Json.Obj attributes,
        Optional<String> error) {

    /// On which side of a call it is.
    public enum Kind {
        INTERNAL,
        CLIENT
    }
}
