package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.ChatRequest.OfferedTool;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Reads an OpenAI chat completion request. What it does not know, it refuses: a member that the
/// policy cannot read could carry what the policy must not miss.
final class RequestReader {

    static final int MAX_MESSAGES = 10_000;
    static final int MAX_PARTS = 1_000;
    static final int MAX_TOOLS = 128;
    private static final int MAX_STOPS = 16;

    private static final List<String> NUMBERS =
            List.of("temperature", "top_p", "presence_penalty", "frequency_penalty", "seed");
    private static final List<String> WORDS = List.of("reasoning_effort", "verbosity");
    private static final Set<String> CHOICES = Set.of("none", "auto", "required");

    private final List<Passage> passages = new ArrayList<>();

    private RequestReader() {}

    /// @throws GatewayException `MALFORMED_JSON` or `INVALID_REQUEST`
    static ChatRequest read(byte[] body) {
        try {
            return new RequestReader().request(WireJson.read(body));
        } catch (WireJson.MalformedException e) {
            throw new GatewayException(ErrorCode.MALFORMED_JSON, String.valueOf(e.getMessage()));
        }
    }

    private ChatRequest request(Json json) {
        var root = WireObject.of(json, "");
        var model = root.word("model");
        var messages =
                root.findList("messages", MAX_MESSAGES)
                        .orElseThrow(() -> root.refuse("messages", "an array"));
        if (messages.isEmpty()) {
            throw root.refuse("messages", "at least one");
        }
        for (int i = 0; i < messages.size(); i++) {
            message(WireObject.of(messages.get(i), "/messages/" + i));
        }
        var tools = tools(root);
        var choice = toolChoice(root);
        settings(root);
        boolean stream = root.findFlag("stream").orElse(false);
        boolean usageWanted = usageWanted(root, stream);
        var limit = outputLimit(root);
        root.end();
        return new ChatRequest(
                (Json.Obj) json, model, stream, usageWanted, limit, tools, choice, passages);
    }

    private void settings(WireObject root) {
        NUMBERS.forEach(root::findNumber);
        WORDS.forEach(root::findWord);
        root.findFlag("parallel_tool_calls");
        for (var off : List.of("logprobs", "store")) {
            if (root.findFlag(off).orElse(false)) {
                throw root.refuse(off, "false");
            }
        }
        var n = root.findCount("n");
        if (n.isPresent() && n.getAsLong() != 1) {
            throw root.refuse("n", "1: one answer for each prompt");
        }
        root.findString("user").ifPresent(text -> add(Source.USER, "/user", text));
        root.find("stop").ifPresent(stop -> stop(root, stop));
        root.find("response_format")
                .ifPresent(format -> {
                    WireObject.of(format, "/response_format");
                    add(Source.SYSTEM, "/response_format", format.text());
                });
    }

    private void stop(WireObject root, Json stop) {
        var stops = stop instanceof Json.Arr(var items) ? items : List.of(stop);
        if (stops.size() > MAX_STOPS) {
            throw root.refuse("stop", "at most " + MAX_STOPS);
        }
        for (int i = 0; i < stops.size(); i++) {
            if (!(stops.get(i) instanceof Json.Str(var text))) {
                throw root.refuse("stop", "a string or strings");
            }
            add(Source.USER, "/stop/" + i, text);
        }
    }

    private static boolean usageWanted(WireObject root, boolean stream) {
        var options = root.find("stream_options");
        if (options.isEmpty()) {
            return false;
        } else if (!stream) {
            throw root.refuse("stream_options", "it with \"stream\": true only");
        }
        var fields = WireObject.of(options.get(), "/stream_options");
        boolean wanted = fields.findFlag("include_usage").orElse(false);
        fields.findFlag("include_obfuscation");
        fields.end();
        return wanted;
    }

    private static OptionalLong outputLimit(WireObject root) {
        var older = root.findCount("max_tokens");
        var newer = root.findCount("max_completion_tokens");
        if (older.isPresent() && newer.isPresent()) {
            throw root.refuse("max_tokens", "max_tokens or max_completion_tokens, not both");
        }
        return older.isPresent() ? older : newer;
    }

    private void message(WireObject message) {
        var role = message.word("role");
        switch (role) {
            case "system", "developer" -> content(message, Source.SYSTEM, true);
            case "user" -> content(message, Source.USER, true);
            case "tool" -> {
                message.word("tool_call_id");
                content(message, Source.TOOL_RESULT, true);
            }
            case "assistant" -> {
                boolean calls = toolCalls(message);
                boolean refused = message.findString("refusal").isPresent();
                message.findString("refusal")
                        .ifPresent(text -> add(Source.ASSISTANT, message.place("refusal"), text));
                content(message, Source.ASSISTANT, !calls && !refused);
            }
            default -> throw message.refuse("role", "system, developer, user, assistant or tool");
        }
        message.findString("name").ifPresent(text -> add(Source.USER, message.place("name"), text));
        message.end();
    }

    private void content(WireObject message, Source source, boolean required) {
        var place = message.place("content");
        switch (message.find("content").orElse(new Json.Null())) {
            case Json.Str(var text) -> add(source, place, text);
            case Json.Arr(var parts) when parts.size() <= MAX_PARTS -> parts(source, place, parts);
            case Json.Null() when !required -> {}
            default -> throw message.refuse("content", "a string or parts of text");
        }
    }

    private void parts(Source source, String place, List<Json> parts) {
        var whole = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            var part = WireObject.of(parts.get(i), place + "/" + i);
            var type = part.word("type");
            if (!type.equals("text") && !(type.equals("refusal") && source == Source.ASSISTANT)) {
                throw part.refuse("type", "text: the policy reads nothing else");
            }
            var text = part.findString(type).orElseThrow(() -> part.refuse(type, "a string"));
            part.end();
            whole.append(text);
            add(source, place + "/" + i, text);
        }
        if (parts.size() > 1) {
            // What is cut into parts is one text to the model.
            add(source, place, whole.toString());
        }
    }

    private boolean toolCalls(WireObject message) {
        var calls = message.findList("tool_calls", MAX_TOOLS).orElse(List.of());
        for (int i = 0; i < calls.size(); i++) {
            var call = WireObject.of(calls.get(i), message.place("tool_calls") + "/" + i);
            call.word("id");
            if (!call.word("type").equals("function")) {
                throw call.refuse("type", "function");
            }
            var function = WireObject.of(call.take("function"), call.place("function"));
            function.word("name");
            var arguments =
                    function.findString("arguments")
                            .orElseThrow(() -> function.refuse("arguments", "a string"));
            add(Source.TOOL_ARGUMENTS, function.place("arguments"), arguments);
            function.end();
            call.end();
        }
        return !calls.isEmpty();
    }

    private List<OfferedTool> tools(WireObject root) {
        if (root.find("functions").isPresent() || root.find("function_call").isPresent()) {
            throw root.refuse("functions", "tools: the older form is not read");
        }
        var offered = new ArrayList<OfferedTool>();
        var tools = root.findList("tools", MAX_TOOLS).orElse(List.of());
        for (int i = 0; i < tools.size(); i++) {
            var tool = WireObject.of(tools.get(i), "/tools/" + i);
            if (!tool.word("type").equals("function")) {
                throw tool.refuse("type", "function");
            }
            var json = tool.take("function");
            var function = WireObject.of(json, tool.place("function"));
            offered.add(new OfferedTool(function.word("name"), (Json.Obj) json));
            tool.end();
            add(Source.TOOL_DEFINITION, tool.place("function"), json.text());
        }
        return offered;
    }

    private static String toolChoice(WireObject root) {
        var choice = root.find("tool_choice");
        if (choice.isEmpty()) {
            return "";
        } else if (choice.get() instanceof Json.Str(var word)) {
            if (!CHOICES.contains(word)) {
                throw root.refuse("tool_choice", "none, auto, required or one function");
            }
            return "";
        }
        var fields = WireObject.of(choice.get(), "/tool_choice");
        if (!fields.word("type").equals("function")) {
            throw fields.refuse("type", "function");
        }
        var function = WireObject.of(fields.take("function"), fields.place("function"));
        var name = function.word("name");
        function.end();
        fields.end();
        return name;
    }

    private void add(Source source, String place, String text) {
        Passages.add(passages, source, place, text);
    }
}
