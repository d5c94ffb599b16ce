package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A real model's answers, recorded once and replayed for ever.
///
/// An answer is found by everything that the model could have gone by: the model's name, the tools
/// and the whole conversation. So a changed prompt, manifest or tool result is an [AssertionError]
/// that says "record again", and a replay never asks a model: it has none.
///
/// Recording and replaying see the same: what is recorded is redacted before the run acts on it.
/// Where one prompt was answered several times, a replay gives the answers in that order, and then
/// from the first again.
public final class RecordedModel implements ChatModel {

    private final Path file;
    private final Redaction redaction;
    private final Optional<ChatModel> live;
    private final List<Recording.Exchange> exchanges;
    private final Map<Digest, Integer> asked = new HashMap<>();

    private RecordedModel(
            Path file,
            Redaction redaction,
            Optional<ChatModel> live,
            List<Recording.Exchange> exchanges) {
        this.file = file;
        this.redaction = redaction;
        this.live = live;
        this.exchanges = new ArrayList<>(exchanges);
    }

    /// Asks a model and writes a new file, over one that is there. The file is whole after each
    /// answer. What fails is not recorded: it says nothing of the model.
    public static RecordedModel recording(Path file, ChatModel live, Redaction redaction) {
        return new RecordedModel(file, redaction, Optional.of(live), List.of());
    }

    /// Answers from a file.
    ///
    /// @param redaction by the names of which the file was redacted
    /// @throws TestkitException if the file cannot be replayed
    public static RecordedModel replaying(Path file, Redaction redaction) {
        var recording = Recording.read(file);
        if (!recording.redaction().equals(redaction.names())) {
            throw new TestkitException(
                    Code.MALFORMED_RECORDING,
                    file.toString(),
                    "expected a recording redacted by "
                            + redaction.names()
                            + " and found "
                            + recording.redaction()
                            + "; record again");
        }
        return new RecordedModel(file, redaction, Optional.empty(), recording.exchanges());
    }

    @Override
    public synchronized ChatReply ask(ChatRequest request, Consumer<String> words)
            throws InterruptedException {
        var canonical = Recording.canonical(request, redaction);
        if (live.isPresent()) {
            return record(live.get(), request, canonical, words);
        }
        var key = Digest.of(canonical);
        var replies = exchanges.stream().filter(it -> it.key().equals(key)).toList();
        if (replies.isEmpty()) {
            throw new AssertionError(recordAgain(canonical));
        }
        int turn = asked.merge(key, 1, Integer::sum) - 1;
        var reply = replies.get(turn % replies.size()).reply();
        if (reply instanceof ChatReply.Answer answer) {
            answer.text().ifPresent(words);
        }
        return reply;
    }

    private ChatReply record(
            ChatModel model, ChatRequest request, Json canonical, Consumer<String> words)
            throws InterruptedException {
        // Not told word by word: a secret may be cut in two between pieces.
        var reply = Recording.redacted(model.ask(request, _ -> {}), redaction);
        if (reply instanceof ChatReply.Failed) {
            return reply;
        }
        exchanges.add(Recording.Exchange.of(canonical, reply));
        new Recording(redaction.names(), exchanges).write(file);
        if (reply instanceof ChatReply.Answer answer) {
            answer.text().ifPresent(words);
        }
        return reply;
    }

    /// Says what differs from the recorded prompt that comes closest: the one with as many
    /// messages.
    private String recordAgain(Json canonical) {
        var differing = new LinkedHashSet<String>();
        for (var exchange : exchanges) {
            if (messages(exchange.request()).size() == messages(canonical).size()) {
                differing.addAll(differences(exchange.request(), canonical));
                break;
            }
        }
        return "expected a recorded answer to this prompt in "
                + file
                + ", and it differs in "
                + (differing.isEmpty() ? "its number of messages" : differing)
                + "; if that is meant, record again";
    }

    private static List<Json> messages(Json request) {
        return request instanceof Json.Obj object
                        && object.get("messages").orElseGet(Json.Null::new)
                                instanceof Json.Arr(var items)
                ? items
                : List.of();
    }

    private static List<String> differences(Json recorded, Json now) {
        var found = new ArrayList<String>();
        for (var name : List.of("model", "tools")) {
            if (recorded instanceof Json.Obj one
                    && now instanceof Json.Obj other
                    && !one.get(name).equals(other.get(name))) {
                found.add(name);
            }
        }
        var one = messages(recorded);
        var other = messages(now);
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).equals(other.get(i))) {
                found.add("message " + (i + 1) + " " + kind(other.get(i)));
            }
        }
        return found;
    }

    private static String kind(Json message) {
        return message instanceof Json.Obj object ? object.members().keySet().toString() : "";
    }
}
