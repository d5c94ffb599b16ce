package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.ChatRequest.OfferedTool;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Reads a request of Anthropic's Messages. What it does not know, it refuses: a member that the
/// policy cannot read could carry what the policy must not miss. So are the marks of a prompt
/// cache, whose writing costs more than any configured price says.
final class AnthropicRequestReader {

    private final List<Passage> passages = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private final SortedSet<String> foreign = new TreeSet<>();
    private boolean parallelCalls = true;

    private AnthropicRequestReader() {}

    /// @throws GatewayException `INVALID_REQUEST`
    static ChatRequest read(Json json) {
        return new AnthropicRequestReader().request(json);
    }

    private ChatRequest request(Json json) {
        var root = WireObject.of(json, "");
        var model = root.word("model");
        var limit = root.findCount("max_tokens");
        if (limit.isEmpty()) {
            throw root.refuse("max_tokens", "this member to be there");
        }
        root.find("system")
                .ifPresent(system ->
                        turns.add(
                                new Turn.Instructions(
                                        texts(root, "system", system, Source.SYSTEM))));
        root.takeObjects("messages", ChatRequest.MAX_MESSAGES).forEach(this::message);
        Passages.addNeighbours(passages, turns);
        var tools = tools(root);
        var choice = toolChoice(root);
        var settings = settings(root);
        boolean stream = root.findFlag("stream").orElse(false);
        root.end();
        return new ChatRequest(
                WireFormat.ANTHROPIC_MESSAGES,
                (Json.Obj) json,
                model,
                stream,
                true,
                limit,
                turns,
                tools,
                choice,
                settings,
                passages);
    }

    private Settings settings(WireObject root) {
        var temperature = root.findNumber("temperature");
        var topP = root.findNumber("top_p");
        if (root.findNumber("top_k").isPresent()) {
            foreign.add("/top_k");
        }
        root.find("thinking").ifPresent(AnthropicRequestReader::thinking);
        var stops = new ArrayList<String>();
        for (var stop : root.findList("stop_sequences", ChatRequest.MAX_STOPS).orElse(List.of())) {
            if (!(stop instanceof Json.Str(var text))) {
                throw root.refuse("stop_sequences", "strings");
            }
            Passages.add(passages, Source.USER, "/stop_sequences/" + stops.size(), text);
            stops.add(text);
        }
        return new Settings(temperature, topP, stops, user(root), parallelCalls, foreign);
    }

    private static void thinking(Json json) {
        var thinking = WireObject.of(json, "/thinking");
        if (!thinking.word("type").equals("disabled")) {
            throw thinking.refuse("type", "disabled: the policy does not read thoughts");
        }
        thinking.end();
    }

    private Optional<String> user(WireObject root) {
        return root.find("metadata")
                .flatMap(json -> {
                    var metadata = WireObject.of(json, "/metadata");
                    var user = metadata.findString("user_id");
                    user.ifPresent(
                            text -> Passages.add(passages, Source.USER, "/metadata/user_id", text));
                    metadata.end();
                    return user;
                });
    }

    private void message(WireObject message) {
        var role = message.word("role");
        var content = message.take("content");
        switch (role) {
            case "user" -> user(message, content);
            case "assistant" -> assistant(message, content);
            default -> throw message.refuse("role", "user or assistant");
        }
        message.end();
    }

    private void user(WireObject message, Json content) {
        if (!(content instanceof Json.Arr)) {
            turns.add(new Turn.User(texts(message, "content", content, Source.USER)));
            return;
        }
        var texts = new ArrayList<String>();
        for (var block : message.takeObjects("content", ChatRequest.MAX_PARTS)) {
            switch (block.word("type")) {
                case "text" -> texts.add(text(block, Source.USER));
                case "tool_result" -> {
                    if (!texts.isEmpty()) {
                        throw block.refuse("type", "tool results before any text");
                    }
                    turns.add(toolResult(block));
                }
                default ->
                        throw block.refuse(
                                "type", "text or tool_result: the policy reads nothing else");
            }
            block.end();
        }
        Passages.addWhole(passages, Source.USER, message.place("content"), texts);
        if (!texts.isEmpty()) {
            turns.add(new Turn.User(texts));
        }
    }

    private Turn toolResult(WireObject block) {
        var texts =
                block.find("content")
                        .map(json -> texts(block, "content", json, Source.TOOL_RESULT))
                        .orElse(List.of(""));
        return new Turn.ToolResult(
                block.word("tool_use_id"), texts, block.findFlag("is_error").orElse(false));
    }

    private void assistant(WireObject message, Json content) {
        if (!(content instanceof Json.Arr)) {
            turns.add(
                    new Turn.Assistant(
                            texts(message, "content", content, Source.ASSISTANT), List.of()));
            return;
        }
        var texts = new ArrayList<String>();
        var calls = new ArrayList<ToolCall>();
        for (var block : message.takeObjects("content", ChatRequest.MAX_PARTS)) {
            switch (block.word("type")) {
                case "text" -> {
                    if (!calls.isEmpty()) {
                        foreign.add(block.place("type"));
                    }
                    texts.add(text(block, Source.ASSISTANT));
                }
                case "tool_use" -> calls.add(toolUse(block));
                default ->
                        throw block.refuse(
                                "type", "text or tool_use: the policy reads nothing else");
            }
            block.end();
        }
        Passages.addWhole(passages, Source.ASSISTANT, message.place("content"), texts);
        turns.add(new Turn.Assistant(texts, calls));
    }

    private ToolCall toolUse(WireObject block) {
        var input = block.take("input");
        if (!(input instanceof Json.Obj)) {
            throw block.refuse("input", "an object");
        }
        var arguments = input.text();
        Passages.add(passages, Source.TOOL_ARGUMENTS, block.place("input"), arguments);
        return new ToolCall(block.word("id"), block.word("name"), arguments);
    }

    /// A string, or blocks of text and nothing else.
    private List<String> texts(WireObject owner, String name, Json json, Source source) {
        if (json instanceof Json.Str(var text)) {
            Passages.add(passages, source, owner.place(name), text);
            return List.of(text);
        } else if (!(json instanceof Json.Arr)) {
            throw owner.refuse(name, "a string or blocks of text");
        }
        var texts = new ArrayList<String>();
        for (var block : owner.objects(name, ChatRequest.MAX_PARTS)) {
            if (!block.word("type").equals("text")) {
                throw block.refuse("type", "text: the policy reads nothing else");
            }
            texts.add(text(block, source));
            block.end();
        }
        Passages.addWhole(passages, source, owner.place(name), texts);
        return texts;
    }

    private String text(WireObject block, Source source) {
        var text = block.findString("text").orElseThrow(() -> block.refuse("text", "a string"));
        Passages.add(passages, source, block.place("text"), text);
        return text;
    }

    private List<OfferedTool> tools(WireObject root) {
        var offered = new ArrayList<OfferedTool>();
        for (var tool : root.objects("tools", ChatRequest.MAX_TOOLS)) {
            if (!tool.findWord("type").orElse("custom").equals("custom")) {
                throw tool.refuse("type", "custom: no tool of the provider's own");
            }
            var members = new LinkedHashMap<>(tool.json().members());
            // How a call's arguments are to be cut into pieces; here they are held until whole.
            tool.findFlag("eager_input_streaming");
            List.of("type", "input_schema", "eager_input_streaming").forEach(members::remove);
            members.put("parameters", tool.take("input_schema"));
            offered.add(new OfferedTool(tool.word("name"), new Json.Obj(members)));
            Passages.add(passages, Source.TOOL_DEFINITION, tool.place("name"), tool.json().text());
        }
        return offered;
    }

    private ToolChoice toolChoice(WireObject root) {
        var json = root.find("tool_choice");
        if (json.isEmpty()) {
            return ToolChoice.Any.UNSAID;
        }
        var fields = WireObject.of(json.get(), "/tool_choice");
        ToolChoice choice =
                switch (fields.word("type")) {
                    case "auto" -> ToolChoice.Any.AUTO;
                    case "any" -> ToolChoice.Any.REQUIRED;
                    case "none" -> ToolChoice.Any.NONE;
                    case "tool" -> new ToolChoice.Named(fields.word("name"));
                    default -> throw fields.refuse("type", "auto, any, none or tool");
                };
        parallelCalls = !fields.findFlag("disable_parallel_tool_use").orElse(false);
        fields.end();
        return choice;
    }
}
