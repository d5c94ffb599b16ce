package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.Passage;
import java.util.List;
import java.util.OptionalLong;

/// An answer that an agent asks a model for: one conversation, whatever wire format it came in.
///
/// @param format in which it came, and in which the agent is answered
/// @param body as it came, every member known
/// @param usageWanted whether the agent asked for the usage of a stream
/// @param outputLimit tokens, as the agent asked
/// @param tools the definitions, checked in form only
/// @param passages everything that the model will read
record ChatRequest(
        WireFormat format,
        Json.Obj body,
        String model,
        boolean stream,
        boolean usageWanted,
        OptionalLong outputLimit,
        List<Turn> turns,
        List<OfferedTool> tools,
        ToolChoice toolChoice,
        Settings settings,
        List<Passage> passages) {

    static final int MAX_MESSAGES = 10_000;

    /// Of one message.
    static final int MAX_PARTS = 1_000;

    static final int MAX_TOOLS = 128;
    static final int MAX_STOPS = 16;

    /// A tool definition in the request.
    ///
    /// @param definition `name`, `description`, `parameters` and whatever else came with them
    record OfferedTool(String name, Json.Obj definition) {}

    ChatRequest {
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
        passages = List.copyOf(passages);
    }

    /// The most output that is asked for: never more than the model's own limit.
    long maxOutputTokens(GatewayConfig.Model target) {
        return Math.min(target.maxOutputTokens(), outputLimit.orElse(target.maxOutputTokens()));
    }
}
