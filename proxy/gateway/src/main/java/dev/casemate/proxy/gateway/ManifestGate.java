package dev.casemate.proxy.gateway;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import dev.casemate.proxy.gateway.ChatRequest.OfferedTool;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds what goes to a model and what comes back against one admitted manifest.
final class ManifestGate {

    // `strict` tells the provider how hard to try; it gives the model nothing.
    private static final Set<String> DEFINITION_MEMBERS =
            Set.of("name", "description", "parameters", "strict");

    private final AgentManifest manifest;
    private final Map<String, ToolSpec> tools = new LinkedHashMap<>();

    ManifestGate(AgentManifest manifest) {
        this.manifest = manifest;
        manifest.tools().forEach(tool -> tools.put(tool.name(), tool));
    }

    AgentManifest manifest() {
        return manifest;
    }

    boolean allowsModel(String model) {
        return manifest.models().contains(model);
    }

    /// Every tool that the request offers is one of the manifest's, letter for letter.
    ///
    /// @throws GatewayException `TOOL_NOT_IN_MANIFEST`, `TOOL_DIFFERS_FROM_MANIFEST`
    void checkOffered(ChatRequest request) {
        var seen = new HashSet<String>();
        for (var offered : request.tools()) {
            var tool = tools.get(offered.name());
            if (tool == null) {
                throw refuse(ErrorCode.TOOL_NOT_IN_MANIFEST, request, "a tool of the manifest");
            } else if (!isSame(tool, offered)) {
                throw refuse(
                        ErrorCode.TOOL_DIFFERS_FROM_MANIFEST,
                        request,
                        "description and parameters of each tool as the manifest has them");
            } else if (!seen.add(offered.name())) {
                throw WireObject.invalid("/tools", "each tool once");
            }
        }
        if (request.toolChoice() instanceof ToolChoice.Named(var chosen)
                && !seen.contains(chosen)) {
            throw refuse(ErrorCode.TOOL_NOT_IN_MANIFEST, request, "a tool of the manifest");
        }
    }

    // Equality of Json is equality of canonical JSON: order of members and spelling of numbers do
    // not count.
    private static boolean isSame(ToolSpec tool, OfferedTool offered) {
        var members = offered.definition().members();
        var strict = members.get("strict");
        return DEFINITION_MEMBERS.containsAll(members.keySet())
                && Json.of(tool.description()).equals(members.get("description"))
                && tool.inputSchema().equals(members.get("parameters"))
                && (strict == null || strict instanceof Json.Bool || strict instanceof Json.Null);
    }

    private static GatewayException refuse(ErrorCode code, ChatRequest request, String expected) {
        var names = request.tools().stream().map(OfferedTool::name).toList();
        return new GatewayException(
                code,
                "expected " + expected,
                Json.object().put("tools", Json.strings(names)).build());
    }

    /// Whether each call is to a tool of the manifest, with an object as arguments. What the object
    /// holds is checked where it is used, by the agent's own generated validator.
    boolean isLegal(List<ModelAnswer.ToolCall> calls) {
        return calls.stream().allMatch(this::isLegal);
    }

    private boolean isLegal(ModelAnswer.ToolCall call) {
        try {
            return tools.containsKey(call.name())
                    && WireJson.read(call.arguments()) instanceof Json.Obj;
        } catch (WireJson.MalformedException e) {
            return false;
        }
    }
}
