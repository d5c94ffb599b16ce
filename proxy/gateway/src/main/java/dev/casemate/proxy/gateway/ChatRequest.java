package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.Passage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;

/// A chat completion that an agent asks for, as far as it concerns the gateway.
///
/// @param body as it came, every member known
/// @param outputLimit what the agent asked for
/// @param usageWanted whether the agent asked for the usage chunk of a stream
/// @param tools the definitions, checked in form only
/// @param chosenTool the one tool that `tool_choice` names, or an empty string
/// @param passages everything that the model will read
record ChatRequest(
        Json.Obj body,
        String model,
        boolean stream,
        boolean usageWanted,
        OptionalLong outputLimit,
        List<OfferedTool> tools,
        String chosenTool,
        List<Passage> passages) {

    /// A tool definition in the request.
    ///
    /// @param definition its `function` object
    record OfferedTool(String name, Json.Obj definition) {}

    ChatRequest {
        tools = List.copyOf(tools);
        passages = List.copyOf(passages);
    }

    /// The most output that is asked for: never more than the model's own limit.
    long maxOutputTokens(GatewayConfig.Model target) {
        return Math.min(target.maxOutputTokens(), outputLimit.orElse(target.maxOutputTokens()));
    }

    /// The request as the upstream gets it.
    Json.Obj forUpstream(GatewayConfig.Model target) {
        var members = new LinkedHashMap<>(body.members());
        members.put("model", Json.of(target.upstreamModel()));
        members.remove("max_tokens");
        members.remove("max_completion_tokens");
        members.put(target.outputLimitField(), Json.of(maxOutputTokens(target)));
        members.remove("stream_options");
        if (stream) {
            members.put("stream_options", Json.object().put("include_usage", true).build());
        }
        return new Json.Obj(members);
    }
}
