package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.AnswerPart.Begun;
import dev.casemate.proxy.gateway.AnswerPart.CallPiece;
import dev.casemate.proxy.gateway.AnswerPart.Finished;
import dev.casemate.proxy.gateway.AnswerPart.Text;
import dev.casemate.proxy.gateway.AnswerPart.Used;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads the events of one streamed message. Blocks come one after the other, each begun, filled
/// and ended; what is out of this order is refused.
final class AnthropicStreamReader implements Dialect.StreamReader {

    private static final int NO_BLOCK = -1;

    private final Map<String, Json> usage = new LinkedHashMap<>();
    private boolean begun;
    private boolean ended;
    private int block = NO_BLOCK;
    private boolean inCall;

    /// What the open call is made with if no piece of it comes: a server may send it at once.
    private String input = "{}";

    private int calls;

    @Override
    public void event(byte[] data, Consumer<AnswerPart> sink) {
        var event = AnswerReader.event(data);
        var type = event.text("type").orElse("");
        if (type.equals("ping")) {
            return;
        } else if (ended || begun == type.equals("message_start")) {
            throw AnswerReader.failed("message_start first and nothing after message_stop");
        }
        switch (type) {
            case "message_start" -> start(event, sink);
            case "content_block_start" -> startBlock(event, sink);
            case "content_block_delta" -> delta(event, sink);
            case "content_block_stop" -> stopBlock(event, sink);
            case "message_delta" -> end(event, sink);
            case "message_stop" -> ended = true;
            default -> throw AnswerReader.failed("an event of a streamed message");
        }
    }

    private void start(Json.Obj event, Consumer<AnswerPart> sink) {
        var message = AnswerReader.object(event.get("message"), "a message");
        begun = true;
        sink.accept(new Begun(AnswerReader.id(message), 0, AnswerReader.model(message)));
        remember(message);
    }

    private void startBlock(Json.Obj event, Consumer<AnswerPart> sink) {
        if (block != NO_BLOCK) {
            throw AnswerReader.failed("one block after the other");
        }
        block = AnswerReader.index(event);
        var content = AnswerReader.object(event.get("content_block"), "a block");
        var type = content.text("type").orElse("");
        inCall = type.equals("tool_use");
        if (inCall) {
            if (calls == AnswerReader.MAX_TOOL_CALLS) {
                throw AnswerReader.failed("at most " + AnswerReader.MAX_TOOL_CALLS + " tool calls");
            }
            input = content.get("input").map(Json::text).orElse("{}");
            sink.accept(
                    new CallPiece(
                            calls,
                            AnthropicAnswerReader.callId(content),
                            AnthropicAnswerReader.callName(content),
                            ""));
        } else if (type.equals("text")) {
            AnswerReader.string(content, "text").map(Text::new).ifPresent(sink);
        } else {
            throw AnswerReader.failed("blocks of text or tool_use");
        }
    }

    private void delta(Json.Obj event, Consumer<AnswerPart> sink) {
        requireOpen(event);
        var delta = AnswerReader.object(event.get("delta"), "a delta");
        var type = delta.text("type").orElse("");
        if (inCall && type.equals("input_json_delta")) {
            var piece = AnswerReader.string(delta, "partial_json").orElse("");
            if (!piece.isEmpty()) {
                takePieces();
                sink.accept(new CallPiece(calls, "", "", piece));
            }
        } else if (!inCall && type.equals("text_delta")) {
            AnswerReader.string(delta, "text").map(Text::new).ifPresent(sink);
        } else {
            throw AnswerReader.failed("a delta of its block's own kind");
        }
    }

    private void takePieces() {
        if (!input.isEmpty() && !input.equals("{}")) {
            throw AnswerReader.failed("a call's input at once or in pieces");
        }
        input = "";
    }

    private void stopBlock(Json.Obj event, Consumer<AnswerPart> sink) {
        requireOpen(event);
        block = NO_BLOCK;
        if (inCall) {
            sink.accept(new CallPiece(calls, "", "", input));
            calls++;
        }
    }

    private void requireOpen(Json.Obj event) {
        if (block == NO_BLOCK || AnswerReader.index(event) != block) {
            throw AnswerReader.failed("deltas of the block that is open");
        }
    }

    private void end(Json.Obj event, Consumer<AnswerPart> sink) {
        if (block != NO_BLOCK) {
            throw AnswerReader.failed("the end of each block");
        }
        remember(event);
        AnthropicAnswerReader.usage(Optional.of(new Json.Obj(usage)))
                .map(Used::new)
                .ifPresent(sink);
        var delta = AnswerReader.object(event.get("delta"), "a delta");
        AnswerReader.string(delta, "stop_reason")
                .map(AnthropicAnswerReader::finishReason)
                .ifPresent(reason ->
                        sink.accept(
                                new Finished(reason, AnswerReader.string(delta, "stop_sequence"))));
    }

    // Each report holds what has changed, counted from the beginning. Only the last one counts:
    // what
    // was written of a stream that breaks off before it is in none.
    private void remember(Json.Obj owner) {
        if (owner.get("usage").orElse(null) instanceof Json.Obj(var members)) {
            members.forEach((name, value) -> {
                if (value instanceof Json.Num) {
                    usage.put(name, value);
                }
            });
        }
    }
}
