package dev.casemate.proxy.gateway;

import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.gateway.AnswerPart.Begun;
import dev.casemate.proxy.gateway.AnswerPart.CallPiece;
import dev.casemate.proxy.gateway.AnswerPart.Finished;
import dev.casemate.proxy.gateway.AnswerPart.Refusal;
import dev.casemate.proxy.gateway.AnswerPart.Text;
import dev.casemate.proxy.gateway.AnswerPart.Used;
import dev.casemate.proxy.gateway.ModelAnswer.ToolCall;
import dev.casemate.proxy.policy.Action;
import dev.casemate.proxy.policy.Policy;
import dev.casemate.proxy.policy.StreamGuard;
import dev.casemate.proxy.policy.Verdict;
import java.util.Optional;
import java.util.TreeMap;

/// A streamed answer on its way through: text goes on behind the policy's guard, tool calls stay
/// until they are whole, and the end stays until [#ending] is asked for.
///
/// Not thread-safe. Every event that leaves is written here, in the agent's wire format; none of
/// the upstream's is passed on.
final class StreamedAnswer {

    private final SseParser parser = new SseParser();
    private final Dialect.StreamReader reader;
    private final Dialect.StreamWriter writer;
    private final Guarded content;
    private final Guarded refusal;
    private final TreeMap<Integer, PartialCall> calls = new TreeMap<>();
    private StringBuilder out = new StringBuilder();
    private Optional<Begun> begun = Optional.empty();
    private Optional<Finished> finished = Optional.empty();
    private Optional<Usage> usage = Optional.empty();

    /// @param reader of the upstream's format
    /// @param writer of the agent's
    StreamedAnswer(Policy policy, Dialect.StreamReader reader, Dialect.StreamWriter writer) {
        this.reader = reader;
        this.writer = writer;
        this.content = new Guarded(policy.answerStream());
        this.refusal = new Guarded(policy.answerStream());
    }

    /// One text of the answer, behind a guard of its own.
    private static final class Guarded {
        private final StreamGuard guard;
        private final StringBuilder said = new StringBuilder();

        Guarded(StreamGuard guard) {
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

        void add(CallPiece piece) {
            id = piece.id().isEmpty() ? id : piece.id();
            name.append(piece.name());
            arguments.append(piece.arguments());
        }

        ToolCall whole() {
            return new ToolCall(id, name.toString(), arguments.toString());
        }
    }

    /// Takes a chunk of bytes and gives what may leave now, as server-sent events; possibly none.
    ///
    /// @throws GatewayException `UPSTREAM_FAILED`, `ANSWER_BLOCKED`
    String accept(byte[] chunk) {
        out = new StringBuilder();
        parser.accept(
                chunk,
                data -> {
                    reader.event(data, this::part);
                    if (verdict().action() == Action.BLOCK) {
                        throw new GatewayException(ErrorCode.ANSWER_BLOCKED, Judge.ANSWER_BLOCKED);
                    }
                });
        return out.toString();
    }

    private void part(AnswerPart part) {
        switch (part) {
            case Begun first -> {
                if (begun.isPresent()) {
                    throw AnswerReader.failed("one beginning");
                }
                begun = Optional.of(first);
                writer.begin(out, first);
            }
            case Text(var text) -> {
                checkText(text);
                var released = content.accept(text);
                if (!released.isEmpty()) {
                    writer.text(out, released);
                }
            }
            case Refusal(var text) -> {
                checkText(text);
                var released = refusal.accept(text);
                if (!released.isEmpty()) {
                    writer.refusal(out, released);
                }
            }
            case CallPiece piece ->
                    calls.computeIfAbsent(piece.index(), _ -> new PartialCall()).add(piece);
            case Finished end -> finished = Optional.of(end);
            case Used(var tokens) -> usage = Optional.of(tokens);
        }
    }

    private void checkText(String text) {
        if (!text.isEmpty() && finished.isPresent()) {
            throw AnswerReader.failed("no text after the finish_reason");
        }
    }

    /// What the guards found so far.
    Verdict verdict() {
        return content.guard.verdict().plus(refusal.guard.verdict());
    }

    /// Whether the upstream said everything: a stream that merely stops is a failure.
    boolean isWhole() {
        return begun.isPresent() && finished.isPresent();
    }

    /// What the model said so far.
    ModelAnswer answer() {
        return new ModelAnswer(
                begun.map(Begun::id).orElse("none"),
                begun.map(Begun::created).orElse(0L),
                begun.map(Begun::model).orElse("none"),
                content.text(),
                refusal.text(),
                calls.values().stream().map(PartialCall::whole).toList(),
                finished.map(Finished::reason).orElse("none"),
                finished.flatMap(Finished::stop),
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
        var rest = content.guard.end();
        if (!rest.isEmpty()) {
            writer.text(out, rest);
        }
        var restOfRefusal = refusal.guard.end();
        if (!restOfRefusal.isEmpty()) {
            writer.refusal(out, restOfRefusal);
        }
        if (verdict().action() == Action.BLOCK) {
            throw new GatewayException(ErrorCode.ANSWER_BLOCKED, Judge.ANSWER_BLOCKED);
        }
        return out.toString();
    }

    /// Everything that was held until the answer was judged, and the end mark.
    ///
    /// @throws GatewayException `UPSTREAM_FAILED` if the agent's format cannot say how it ended
    String ending() {
        out = new StringBuilder();
        writer.end(out, answer());
        return out.toString();
    }
}
