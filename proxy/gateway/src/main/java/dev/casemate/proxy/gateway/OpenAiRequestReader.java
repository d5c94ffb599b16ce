package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.ChatRequest.OfferedTool;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads an OpenAI chat completion request. What it does not know, it refuses: a member that the
/// policy cannot read could carry what the policy must not miss.
final class OpenAiRequestReader {

    private static final List<String> FOREIGN_NUMBERS =
            List.of("presence_penalty", "frequency_penalty", "seed");
    private static final List<String> FOREIGN_WORDS = List.of("reasoning_effort", "verbosity");

    private final List<Passage> passages = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private final SortedSet<String> foreign = new TreeSet<>();

    private OpenAiRequestReader() {}

    /// @throws GatewayException `INVALID_REQUEST`
    static ChatRequest read(Json json) {
        return new OpenAiRequestReader().request(json);
    }

    private ChatRequest request(Json json) {
        var root = WireObject.of(json, "");
        var model = root.word("model");
        root.takeObjects("messages", ChatRequest.MAX_MESSAGES).forEach(this::message);
        Passages.addNeighbours(passages, turns);
        var tools = tools(root);
        var choice = toolChoice(root);
        var settings = settings(root);
        boolean stream = root.findFlag("stream").orElse(false);
        boolean usageWanted = usageWanted(root, stream);
        var limit = outputLimit(root);
        root.end();
        return new ChatRequest(
                WireFormat.OPENAI_CHAT,
                (Json.Obj) json,
                model,
                stream,
                usageWanted,
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
        foreign(FOREIGN_NUMBERS, root::findNumber);
        foreign(FOREIGN_WORDS, root::findWord);
        boolean parallel = root.findFlag("parallel_tool_calls").orElse(true);
        for (var off : List.of("logprobs", "store")) {
            if (root.findFlag(off).orElse(false)) {
                throw root.refuse(off, "false");
            }
        }
        var n = root.findCount("n");
        if (n.isPresent() && n.getAsLong() != 1) {
            throw root.refuse("n", "1: one answer for each prompt");
        }
        var user = root.findString("user");
        user.ifPresent(text -> add(Source.USER, "/user", text));
        var stops = root.find("stop").map(stop -> stops(root, stop)).orElse(List.of());
        root.find("response_format")
                .ifPresent(format -> {
                    var fields = WireObject.of(format, "/response_format");
                    if (!fields.word("type").equals("text")) {
                        foreign.add("/response_format");
                    }
                    add(Source.SYSTEM, "/response_format", format.text());
                });
        return new Settings(temperature, topP, stops, user, parallel, foreign);
    }

    private <T> void foreign(List<String> names, Function<String, Optional<T>> find) {
        for (var name : names) {
            if (find.apply(name).isPresent()) {
                foreign.add("/" + name);
            }
        }
    }

    private List<String> stops(WireObject root, Json stop) {
        var stops = stop instanceof Json.Arr(var items) ? items : List.of(stop);
        if (stops.size() > ChatRequest.MAX_STOPS) {
            throw root.refuse("stop", "at most " + ChatRequest.MAX_STOPS);
        }
        var texts = new ArrayList<String>();
        for (int i = 0; i < stops.size(); i++) {
            if (!(stops.get(i) instanceof Json.Str(var text))) {
                throw root.refuse("stop", "a string or strings");
            }
            add(Source.USER, "/stop/" + i, text);
            texts.add(text);
        }
        return texts;
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
        turns.add(
                switch (role) {
                    case "system", "developer" ->
                            new Turn.Instructions(content(message, Source.SYSTEM, true));
                    case "user" -> new Turn.User(content(message, Source.USER, true));
                    case "tool" ->
                            new Turn.ToolResult(
                                    message.word("tool_call_id"),
                                    content(message, Source.TOOL_RESULT, true),
                                    false);
                    case "assistant" -> assistant(message);
                    default ->
                            throw message.refuse(
                                    "role", "system, developer, user, assistant or tool");
                });
        message.findString("name")
                .ifPresent(text -> {
                    foreign.add(message.place("name"));
                    add(Source.USER, message.place("name"), text);
                });
        message.end();
    }

    private Turn assistant(WireObject message) {
        var calls = toolCalls(message);
        var refusal = message.findString("refusal");
        refusal.ifPresent(text -> add(Source.ASSISTANT, message.place("refusal"), text));
        var texts =
                new ArrayList<>(
                        content(message, Source.ASSISTANT, calls.isEmpty() && refusal.isEmpty()));
        refusal.ifPresent(texts::add);
        return new Turn.Assistant(texts, calls);
    }

    private List<String> content(WireObject message, Source source, boolean required) {
        var place = message.place("content");
        return switch (message.find("content").orElse(new Json.Null())) {
            case Json.Str(var text) -> {
                add(source, place, text);
                yield List.of(text);
            }
            case Json.Arr _ -> parts(message, source);
            case Json.Null() when !required -> List.of();
            default -> throw message.refuse("content", "a string or parts of text");
        };
    }

    private List<String> parts(WireObject message, Source source) {
        var texts = new ArrayList<String>();
        for (var part : message.objects("content", ChatRequest.MAX_PARTS)) {
            var type = part.word("type");
            if (!type.equals("text") && !(type.equals("refusal") && source == Source.ASSISTANT)) {
                throw part.refuse("type", "text: the policy reads nothing else");
            }
            var text = part.findString(type).orElseThrow(() -> part.refuse(type, "a string"));
            part.end();
            texts.add(text);
            add(source, part.place(type), text);
        }
        Passages.addWhole(passages, source, message.place("content"), texts);
        return texts;
    }

    private List<ToolCall> toolCalls(WireObject message) {
        var calls = new ArrayList<ToolCall>();
        for (var call : message.objects("tool_calls", ChatRequest.MAX_TOOLS)) {
            var id = call.word("id");
            if (!call.word("type").equals("function")) {
                throw call.refuse("type", "function");
            }
            var function = WireObject.of(call.take("function"), call.place("function"));
            var name = function.word("name");
            var arguments =
                    function.findString("arguments")
                            .orElseThrow(() -> function.refuse("arguments", "a string"));
            add(Source.TOOL_ARGUMENTS, function.place("arguments"), arguments);
            calls.add(new ToolCall(id, name, arguments));
            function.end();
            call.end();
        }
        return calls;
    }

    private List<OfferedTool> tools(WireObject root) {
        if (root.find("functions").isPresent() || root.find("function_call").isPresent()) {
            throw root.refuse("functions", "tools: the older form is not read");
        }
        var offered = new ArrayList<OfferedTool>();
        for (var tool : root.objects("tools", ChatRequest.MAX_TOOLS)) {
            if (!tool.word("type").equals("function")) {
                throw tool.refuse("type", "function");
            }
            var function = WireObject.of(tool.take("function"), tool.place("function"));
            offered.add(new OfferedTool(function.word("name"), function.json()));
            tool.end();
            add(Source.TOOL_DEFINITION, tool.place("function"), function.json().text());
        }
        return offered;
    }

    private static ToolChoice toolChoice(WireObject root) {
        var choice = root.find("tool_choice");
        if (choice.isEmpty()) {
            return ToolChoice.Any.UNSAID;
        } else if (choice.get() instanceof Json.Str(var word)) {
            return switch (word) {
                case "none" -> ToolChoice.Any.NONE;
                case "auto" -> ToolChoice.Any.AUTO;
                case "required" -> ToolChoice.Any.REQUIRED;
                default -> throw root.refuse("tool_choice", "none, auto, required or one function");
            };
        }
        var fields = WireObject.of(choice.get(), "/tool_choice");
        if (!fields.word("type").equals("function")) {
            throw fields.refuse("type", "function");
        }
        var function = WireObject.of(fields.take("function"), fields.place("function"));
        var name = function.word("name");
        function.end();
        fields.end();
        return new ToolChoice.Named(name);
    }

    private void add(Source source, String place, String text) {
        Passages.add(passages, source, place, text);
    }
}
