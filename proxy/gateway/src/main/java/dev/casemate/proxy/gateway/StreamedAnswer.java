package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import dev.casemate.proxy.policy.Action;
import dev.casemate.proxy.policy.Policy;
import dev.casemate.proxy.policy.StreamGuard;
import dev.casemate.proxy.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// A streamed answer on its way through: text goes on behind the policy's guard, tool calls stay
/// until they are whole, and the end stays until [#ending] is asked for.
///
/// Not thread-safe. Every chunk that leaves is written here; none of the upstream's is passed on.
final class StreamedAnswer {

    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final SseParser parser = new SseParser();
    private final Guarded content;
    private final Guarded refusal;
    private final TreeMap<Integer, PartialCall> calls = new TreeMap<>();
    private final boolean usageWanted;
    private StringBuilder out = new StringBuilder();
    private String id = "none";
    private String model = "none";
    private long created;
    private boolean begun;
    private boolean done;
    private Optional<String> finishReason = Optional.empty();
    private Optional<Usage> usage = Optional.empty();

    StreamedAnswer(Policy policy, boolean usageWanted) {
        this.content = new Guarded("content", policy.answerStream());
        this.refusal = new Guarded("refusal", policy.answerStream());
        this.usageWanted = usageWanted;
    }

    /// One member of the message, behind a guard of its own.
    private static final class Guarded {
        private final String member;
        private final StreamGuard guard;
        private final StringBuilder said = new StringBuilder();

        Guarded(String member, StreamGuard guard) {
            this.member = member;
            this.guard = guard;
        }

        String accept(String delta) {
            said.append(delta);
            return guard.accept(delta);
        }

        Optional<String> text() {
            return said.isEmpty() ? Optional.empty() : Optional.of(said.toString());
        }
    }

    /// A tool call that is still being written.
    private static final class PartialCall {
        private String id = "";
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();

        ToolCall whole() {
            return new ToolCall(id, name.toString(), arguments.toString());
        }
    }

    /// Takes a chunk of bytes and gives what may leave now, as server-sent events; possibly none.
    ///
    /// @throws GatewayException `UPSTREAM_FAILED`, `ANSWER_BLOCKED`
    String accept(byte[] chunk) {
        out = new StringBuilder();
        parser.accept(chunk, this::event);
        return out.toString();
    }

    private void event(byte[] data) {
        if (java.util.Arrays.equals(data, DONE)) {
            done = true;
            return;
        } else if (done) {
            throw AnswerReader.failed("nothing after [DONE]");
        }
        try {
            chunk(AnswerReader.object(Optional.of(WireJson.read(data)), "an object"));
        } catch (WireJson.MalformedException e) {
            throw AnswerReader.failed("JSON in each event");
        }
        if (verdict().action() == Action.BLOCK) {
            throw new GatewayException(ErrorCode.ANSWER_BLOCKED, Judge.ANSWER_BLOCKED);
        }
    }

    private void chunk(Json.Obj chunk) {
        if (AnswerReader.present(chunk, "error").isPresent()) {
            throw AnswerReader.failed("an answer and not an error");
        }
        var reported = ModelAnswer.readUsage(chunk.get("usage"));
        usage = reported.isPresent() ? reported : usage;
        if (!(chunk.get("choices").orElse(null) instanceof Json.Arr(var choices))
                || choices.size() > 1) {
            throw AnswerReader.failed("at most one choice");
        } else if (choices.isEmpty()) {
            return;
        }
        if (!begun) {
            begun = true;
            id = AnswerReader.id(chunk);
            model = AnswerReader.model(chunk);
            created = AnswerReader.created(chunk);
            emit(Json.object().put("role", "assistant").put("content", "").build());
        }
        var choice = AnswerReader.object(Optional.of(choices.get(0)), "a choice");
        AnswerReader.checkIndex(choice);
        AnswerReader.present(choice, "delta")
                .ifPresent(json -> delta(AnswerReader.object(Optional.of(json), "a delta")));
        var reason = AnswerReader.finishReason(choice);
        finishReason = reason.isPresent() ? reason : finishReason;
    }

    private void delta(Json.Obj delta) {
        AnswerReader.checkRole(delta);
        text(content, delta);
        text(refusal, delta);
        if (AnswerReader.present(delta, AnswerReader.OLDER_CALL).isPresent()) {
            var call = calls.computeIfAbsent(-1, _ -> new PartialCall());
            call.id = "none";
            call.name.setLength(0);
            call.name.append(AnswerReader.OLDER_CALL);
        }
        var json = AnswerReader.present(delta, "tool_calls");
        if (json.isEmpty()) {
            return;
        } else if (!(json.get() instanceof Json.Arr(var items))) {
            throw AnswerReader.failed("an array of tool calls");
        } else {
            items.forEach(item -> call(AnswerReader.object(Optional.of(item), "a tool call")));
        }
    }

    private void text(Guarded channel, Json.Obj delta) {
        var text = AnswerReader.string(delta, channel.member).orElse("");
        if (text.isEmpty()) {
            return;
        } else if (finishReason.isPresent()) {
            throw AnswerReader.failed("no text after the finish_reason");
        }
        release(channel, channel.accept(text));
    }

    private void release(Guarded channel, String released) {
        if (!released.isEmpty()) {
            emit(Json.object().put(channel.member, released).build());
        }
    }

    private void call(Json.Obj delta) {
        if (!(delta.get("index").orElse(null) instanceof Json.Num(var index))
                || index.scale() > 0
                || index.signum() < 0
                || index.intValue() >= AnswerReader.MAX_TOOL_CALLS
                || index.precision() - index.scale() > 3) {
            throw AnswerReader.failed(
                    "an index below " + AnswerReader.MAX_TOOL_CALLS + " with each tool call");
        }
        AnswerReader.checkType(delta);
        var call = calls.computeIfAbsent(index.intValue(), _ -> new PartialCall());
        AnswerReader.callId(delta).ifPresent(text -> call.id = text);
        AnswerReader.present(delta, "function")
                .map(json -> AnswerReader.object(Optional.of(json), "a function"))
                .ifPresent(function -> {
                    AnswerReader.string(function, "name").ifPresent(call.name::append);
                    AnswerReader.string(function, "arguments").ifPresent(call.arguments::append);
                });
    }

    /// What the guards found so far.
    Verdict verdict() {
        return content.guard.verdict().plus(refusal.guard.verdict());
    }

    /// Whether the upstream said everything: a stream that merely stops is a failure.
    boolean isWhole() {
        return begun && finishReason.isPresent();
    }

    /// What the model said so far.
    ModelAnswer answer() {
        return new ModelAnswer(
                id,
                created,
                model,
                content.text(),
                refusal.text(),
                calls.values().stream().map(PartialCall::whole).toList(),
                finishReason.orElse("none"),
                usage);
    }

    /// The text that the guards still hold; call it once, after the last byte, before [#verdict] is
    /// the last word. It leaves with [#ending].
    ///
    /// @throws GatewayException `ANSWER_BLOCKED`, `UPSTREAM_FAILED`
    String rest() {
        if (!isWhole()) {
            throw AnswerReader.failed("a whole answer");
        } else if (calls.values().stream().anyMatch(call -> call.id.isEmpty())) {
            throw AnswerReader.failed("an id with each tool call");
        }
        out = new StringBuilder();
        release(content, content.guard.end());
        release(refusal, refusal.guard.end());
        if (verdict().action() == Action.BLOCK) {
            throw new GatewayException(ErrorCode.ANSWER_BLOCKED, Judge.ANSWER_BLOCKED);
        }
        return out.toString();
    }

    /// The legal tool calls as one delta each, the finish, the usage if it was asked for, and the
    /// end mark.
    String ending() {
        out = new StringBuilder();
        if (!calls.isEmpty()) {
            var deltas = new ArrayList<Json>();
            for (var call : calls.values()) {
                deltas.add(call.whole().toJson().with("index", Json.of(deltas.size())));
            }
            emit(Json.object().put("tool_calls", Json.array(deltas)).build());
        }
        event(
                List.of(
                        Json.object()
                                .put("index", 0)
                                .put("delta", Json.object().build())
                                .put("logprobs", new Json.Null())
                                .put("finish_reason", finishReason.orElse("none"))
                                .build()),
                Optional.empty());
        if (usageWanted) {
            usage.ifPresent(tokens -> event(List.of(), Optional.of(tokens)));
        }
        return out.append("data: [DONE]\n\n").toString();
    }

    private void emit(Json.Obj delta) {
        event(
                List.of(
                        Json.object()
                                .put("index", 0)
                                .put("delta", delta)
                                .put("logprobs", new Json.Null())
                                .put("finish_reason", new Json.Null())
                                .build()),
                Optional.empty());
    }

    private void event(List<Json.Obj> choices, Optional<Usage> tokens) {
        var chunk =
                Json.object()
                        .put("id", id)
                        .put("object", "chat.completion.chunk")
                        .put("created", created)
                        .put("model", model)
                        .put("choices", Json.array(choices));
        tokens.ifPresent(value -> chunk.put("usage", ModelAnswer.usageJson(value)));
        out.append("data: ").append(chunk.build().text()).append("\n\n");
    }
}
