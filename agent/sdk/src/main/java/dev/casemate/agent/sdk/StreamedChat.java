package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ChatReply.Failure;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A chat completion that comes in pieces.
///
/// Text is told as it comes. Tool calls stay here until the end mark: nobody sees a part of one. A
/// stream without its end mark `[DONE]` is broken, however whole it looks; one that ends with an
/// error is that error; what follows either is not read. Its size is its caller's to bound.
///
/// Source: OpenAI's API reference, "The chat completion chunk object".
final class StreamedChat {

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private static final ChatReply MALFORMED =
            new ChatReply.Failed(Failure.MALFORMED, "expected a streamed chat completion");

    private final EventStream events = new EventStream(this::event);
    private final Consumer<String> words;
    private final StringBuilder content = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final TreeMap<Integer, Call> calls = new TreeMap<>();
    private Optional<String> finish = Optional.empty();
    private Optional<TokenCount> usage = Optional.empty();
    private Optional<ChatReply> end = Optional.empty();

    /// A tool call while it is written.
    private static final class Call {
        private Optional<String> id = Optional.empty();
        private Optional<StringBuilder> name = Optional.empty();
        private Optional<StringBuilder> arguments = Optional.empty();

        void add(Json.Obj delta) {
            id = pieceOf(delta, "id").filter(piece -> !piece.isEmpty()).or(() -> id);
            delta.get("function")
                    .filter(it -> !ChatWire.isNull(it))
                    .map(ChatWire::object)
                    .ifPresent(function -> {
                        name = joined(name, pieceOf(function, "name"));
                        arguments = joined(arguments, pieceOf(function, "arguments"));
                    });
        }

        private static Optional<String> pieceOf(Json.Obj delta, String member) {
            return switch (delta.get(member).orElseGet(Json.Null::new)) {
                case Json.Str(var text) -> Optional.of(text);
                case Json.Null() -> Optional.empty();
                case Json.Obj _, Json.Arr _, Json.Num _, Json.Bool _ ->
                        throw new IllegalArgumentException("expected text");
            };
        }

        private static Optional<StringBuilder> joined(
                Optional<StringBuilder> text, Optional<String> piece) {
            return piece.map(it -> text.orElseGet(StringBuilder::new).append(it)).or(() -> text);
        }

        ToolCall whole() {
            return new ToolCall(
                    id.orElseThrow(() -> missing("id")),
                    name.orElseThrow(() -> missing("name")).toString(),
                    arguments.orElseThrow(() -> missing("arguments")).toString());
        }

        private static IllegalArgumentException missing(String member) {
            return new IllegalArgumentException("expected member " + member);
        }
    }

    /// @param words told each piece of text, on the thread that brings the bytes
    StreamedChat(Consumer<String> words) {
        this.words = words;
    }

    /// @return whether this was the end; more bytes change nothing
    boolean take(ByteBuffer piece) {
        events.accept(piece);
        return end.isPresent();
    }

    /// What came of it; `BROKEN` before its end.
    ChatReply reply() {
        return end.orElseGet(() ->
                new ChatReply.Failed(Failure.BROKEN, "the stream stopped before its end mark"));
    }

    private void event(byte[] data) {
        if (end.isPresent()) {
            return;
        }
        Optional<String> told;
        try {
            told =
                    Arrays.equals(data, DONE)
                            ? done()
                            : chunk(ChatWire.object(JsonReader.read(data)));
        } catch (ManifestException | IllegalArgumentException e) {
            end = Optional.of(MALFORMED);
            return;
        }
        // Outside of the catch: what its listener throws is no fault of the stream.
        told.ifPresent(words);
    }

    /// @return the text that was not told yet
    private Optional<String> done() {
        var reason = finish.orElseThrow(() -> new IllegalArgumentException("expected a finish"));
        var unfinished = ChatWire.unfinished(reason);
        if (unfinished.isPresent()) {
            end = unfinished;
            return Optional.empty();
        }
        var said = nonEmpty(content);
        var declined = said.isPresent() ? Optional.<String>empty() : nonEmpty(refusal);
        end =
                Optional.of(
                        new ChatReply.Answer(
                                said.or(() -> declined),
                                calls.values().stream().map(Call::whole).toList(),
                                usage));
        return declined;
    }

    private static Optional<String> nonEmpty(StringBuilder text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }

    /// @return the text in it
    private Optional<String> chunk(Json.Obj chunk) {
        var error = chunk.get("error").filter(it -> !ChatWire.isNull(it));
        if (error.isPresent()) {
            end = Optional.of(ChatWire.error(error.get()));
            return Optional.empty();
        }
        usage = ChatWire.usage(chunk).or(() -> usage);
        if (!(ChatWire.member(chunk, "choices") instanceof Json.Arr(var choices))
                || choices.size() > 1) {
            throw new IllegalArgumentException("expected at most one choice");
        }
        return choices.isEmpty() ? Optional.empty() : choice(ChatWire.object(choices.getFirst()));
    }

    private Optional<String> choice(Json.Obj choice) {
        if (!choice.get("index").orElse(Json.of(0)).equals(Json.of(0))) {
            throw new IllegalArgumentException("expected choice 0");
        }
        var delta =
                choice.get("delta")
                        .filter(it -> !ChatWire.isNull(it))
                        .map(ChatWire::object)
                        .orElseGet(() -> Json.object().build());
        var told = delta(delta);
        ChatWire.text(choice, "finish_reason")
                .ifPresent(reason -> {
                    if (finish.isPresent() && !finish.get().equals(reason)) {
                        throw new IllegalArgumentException("expected one finish");
                    }
                    finish = Optional.of(reason);
                });
        return told;
    }

    private Optional<String> delta(Json.Obj delta) {
        if (!ChatWire.text(delta, "role").orElse("assistant").equals("assistant")
                || delta.get("function_call").filter(it -> !ChatWire.isNull(it)).isPresent()) {
            throw new IllegalArgumentException("expected a message with tool calls");
        }
        var text = ChatWire.text(delta, "content");
        var declined = ChatWire.text(delta, "refusal");
        var called = called(delta);
        if (finish.isPresent() && (text.isPresent() || declined.isPresent() || !called.isEmpty())) {
            throw new IllegalArgumentException("expected nothing after the finish");
        }
        text.ifPresent(content::append);
        // Told at the end, and only where it is all the text there is.
        declined.ifPresent(refusal::append);
        for (var call : called) {
            calls.computeIfAbsent(index(call), _ -> new Call()).add(call);
        }
        return text;
    }

    private static List<Json.Obj> called(Json.Obj delta) {
        return switch (delta.get("tool_calls").orElseGet(Json.Null::new)) {
            case Json.Arr(var items) -> items.stream().map(ChatWire::object).toList();
            case Json.Null() -> List.of();
            case Json.Obj _, Json.Str _, Json.Num _, Json.Bool _ ->
                    throw new IllegalArgumentException("expected a list of tool calls");
        };
    }

    private static int index(Json.Obj call) {
        if (ChatWire.member(call, "index") instanceof Json.Num(var index)
                && index.signum() >= 0
                && index.scale() <= 0
                && index.compareTo(BigDecimal.valueOf(ChatWire.MAX_TOOL_CALLS)) < 0) {
            return index.intValueExact();
        }
        throw new IllegalArgumentException(
                "expected an index below " + ChatWire.MAX_TOOL_CALLS + " with each tool call");
    }
}
