package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.AnswerPart.Begun;
import dev.casemate.proxy.gateway.AnswerPart.CallPiece;
import dev.casemate.proxy.gateway.AnswerPart.Finished;
import dev.casemate.proxy.gateway.AnswerPart.Refusal;
import dev.casemate.proxy.gateway.AnswerPart.Text;
import dev.casemate.proxy.gateway.AnswerPart.Used;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads the chunks of one streamed chat completion.
final class OpenAiStreamReader implements Dialect.StreamReader {

    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private boolean begun;
    private boolean done;

    @Override
    public void event(byte[] data, Consumer<AnswerPart> sink) {
        if (Arrays.equals(data, DONE)) {
            done = true;
            return;
        } else if (done) {
            throw AnswerReader.failed("nothing after [DONE]");
        }
        var chunk = AnswerReader.event(data);
        OpenAiAnswerReader.usage(chunk.get("usage")).map(Used::new).ifPresent(sink);
        if (!(chunk.get("choices").orElse(null) instanceof Json.Arr(var choices))
                || choices.size() > 1) {
            throw AnswerReader.failed("at most one choice");
        } else if (choices.isEmpty()) {
            return;
        }
        if (!begun) {
            begun = true;
            sink.accept(
                    new Begun(
                            AnswerReader.id(chunk),
                            OpenAiAnswerReader.created(chunk),
                            AnswerReader.model(chunk)));
        }
        var choice = AnswerReader.object(Optional.of(choices.get(0)), "a choice");
        OpenAiAnswerReader.checkIndex(choice);
        AnswerReader.present(choice, "delta")
                .ifPresent(json -> delta(AnswerReader.object(Optional.of(json), "a delta"), sink));
        OpenAiAnswerReader.finishReason(choice)
                .ifPresent(reason -> sink.accept(new Finished(reason, Optional.empty())));
    }

    private static void delta(Json.Obj delta, Consumer<AnswerPart> sink) {
        OpenAiAnswerReader.checkRole(delta);
        AnswerReader.string(delta, "content").map(Text::new).ifPresent(sink);
        AnswerReader.string(delta, "refusal").map(Refusal::new).ifPresent(sink);
        if (AnswerReader.present(delta, OpenAiAnswerReader.OLDER_CALL).isPresent()) {
            sink.accept(new CallPiece(-1, "none", OpenAiAnswerReader.OLDER_CALL, ""));
        }
        var json = AnswerReader.present(delta, "tool_calls");
        if (json.isEmpty()) {
            return;
        } else if (!(json.get() instanceof Json.Arr(var items))) {
            throw AnswerReader.failed("an array of tool calls");
        } else {
            items.forEach(
                    item -> call(AnswerReader.object(Optional.of(item), "a tool call"), sink));
        }
    }

    private static void call(Json.Obj piece, Consumer<AnswerPart> sink) {
        int index = AnswerReader.index(piece);
        OpenAiAnswerReader.checkType(piece);
        var function =
                AnswerReader.present(piece, "function")
                        .map(json -> AnswerReader.object(Optional.of(json), "a function"));
        sink.accept(
                new CallPiece(
                        index,
                        AnswerReader.callId(piece).orElse(""),
                        function.flatMap(f -> AnswerReader.string(f, "name")).orElse(""),
                        function.flatMap(f -> AnswerReader.string(f, "arguments")).orElse("")));
    }
}
