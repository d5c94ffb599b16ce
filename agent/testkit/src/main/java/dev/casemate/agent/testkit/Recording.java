package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatMessage;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import dev.casemate.manifest.ToolSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Exchanges with a model as a JSON file: what was asked, in a canonical form, and what came back.
///
/// @param redaction names of what was taken out before anything was written
record Recording(List<String> redaction, List<Exchange> exchanges) {

    static final String API_VERSION = "casemate.dev/recording/v1";
    static final int MAX_BYTES = 64 << 20;

    /// The word that frames tool results; drawn anew for each run, so it cannot be part of a key.
    private static final Pattern FRAME_WORD = Pattern.compile("\\[data ([a-z]{16})\\b");

    /// @param key digest of `request`
    record Exchange(Digest key, Json request, ChatReply reply) {

        static Exchange of(Json request, ChatReply reply) {
            return new Exchange(Digest.of(request), request, reply);
        }
    }

    Recording {
        redaction = List.copyOf(redaction);
        exchanges = List.copyOf(exchanges);
    }

    /// Everything of a prompt that the model's answer may depend on: model, tools and messages, and
    /// neither time, trace nor the word that frames data.
    static Json canonical(ChatRequest request, Redaction redaction) {
        var messages = request.messages().stream().map(Recording::message).toList();
        var json =
                Json.object()
                        .put("model", request.model())
                        .put(
                                "tools",
                                Json.array(
                                        request.tools().stream()
                                                .map(ToolSpec::toFunction)
                                                .toList()))
                        .put("messages", Json.array(messages))
                        .build();
        return redaction.of(withoutFrameWord(request, json));
    }

    private static Json withoutFrameWord(ChatRequest request, Json json) {
        for (var message : request.messages()) {
            if (message instanceof ChatMessage.Instruction(var text)) {
                var found = FRAME_WORD.matcher(text);
                if (found.find()) {
                    return JsonReader.read(json.text().replace(found.group(1), "frame"));
                }
            }
        }
        return json;
    }

    private static Json message(ChatMessage message) {
        return switch (message) {
            case ChatMessage.Instruction(var text) ->
                    Json.object().put("instruction", text).build();
            case ChatMessage.Task(var text) -> Json.object().put("task", text).build();
            case ChatMessage.Reply(var text, var calls) -> answer(text, calls).build();
            case ChatMessage.ToolAnswer(var callId, _, var text) ->
                    Json.object().put("call", callId).put("result", text).build();
        };
    }

    private static Json.Builder answer(Optional<String> text, List<ToolCall> calls) {
        var json = Json.object();
        text.ifPresent(value -> json.put("text", value));
        return json.put(
                "calls",
                Json.array(
                        calls.stream()
                                .map(call ->
                                        Json.object()
                                                .put("id", call.id())
                                                .put("name", call.name())
                                                .put("arguments", call.arguments())
                                                .build())
                                .toList()));
    }

    /// A reply with everything taken out that must not be written.
    static ChatReply redacted(ChatReply reply, Redaction redaction) {
        return switch (reply) {
            case ChatReply.Answer(var text, var calls, var usage) ->
                    new ChatReply.Answer(
                            text.map(redaction::of),
                            calls.stream()
                                    .map(call ->
                                            new ToolCall(
                                                    redaction.of(call.id()),
                                                    redaction.of(call.name()),
                                                    redaction.of(call.arguments())))
                                    .toList(),
                            usage);
            case ChatReply.Refused(var status, var code, var message, var retryAfter) ->
                    new ChatReply.Refused(
                            status, redaction.of(code), redaction.of(message), retryAfter);
            case ChatReply.Failed failed -> failed;
        };
    }

    private static Json reply(ChatReply reply) {
        return switch (reply) {
            case ChatReply.Answer(var text, var calls, var usage) -> {
                var json = answer(text, calls);
                usage.ifPresent(tokens ->
                        json.put(
                                "tokens",
                                Json.object()
                                        .put("input", tokens.input())
                                        .put("output", tokens.output())
                                        .build()));
                yield json.build();
            }
            case ChatReply.Refused(var status, var code, var message, var retryAfter) -> {
                var json =
                        Json.object()
                                .put("status", status)
                                .put("code", code)
                                .put("message", message);
                retryAfter.ifPresent(time -> json.put("retryAfterSeconds", time.toSeconds()));
                yield Json.object().put("refused", json.build()).build();
            }
            case ChatReply.Failed _ ->
                    throw new IllegalArgumentException("expected a reply that is worth keeping");
        };
    }

    /// Writes the whole file at once, or leaves the one that is there.
    void write(Path file) {
        var json =
                Json.object()
                        .put("apiVersion", API_VERSION)
                        .put("redacted", true)
                        .put("redaction", Json.strings(redaction))
                        .put(
                                "exchanges",
                                Json.array(
                                        exchanges.stream()
                                                .map(exchange ->
                                                        Json.object()
                                                                .put("key", exchange.key().value())
                                                                .put("request", exchange.request())
                                                                .put(
                                                                        "reply",
                                                                        reply(exchange.reply()))
                                                                .build())
                                                .toList()))
                        .build();
        // One exchange a line, so that a change of a recording can be read.
        var text = json.text().replace("{\"key\":", "\n{\"key\":") + "\n";
        try {
            var beside = file.resolveSibling(file.getFileName() + ".part");
            Files.writeString(beside, text);
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new TestkitException(
                    Code.UNREADABLE_FILE, file.toString(), "expected to write a recording", e);
        }
    }

    /// @throws TestkitException if the file is missing, or not exactly of this form
    static Recording read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new TestkitException(
                        Code.MALFORMED_RECORDING,
                        file.toString(),
                        "expected at most " + MAX_BYTES + " bytes");
            }
            return read(JsonReader.read(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new TestkitException(
                    Code.UNREADABLE_FILE, file.toString(), "expected a recording to replay", e);
        } catch (ManifestException | IllegalArgumentException e) {
            throw new TestkitException(
                    Code.MALFORMED_RECORDING,
                    file.toString(),
                    "expected a recording, " + API_VERSION + ": " + e.getMessage(),
                    e);
        }
    }

    static Recording read(Json json) {
        return Members.read(
                json,
                "",
                members -> {
                    if (!members.string("apiVersion").equals(API_VERSION)) {
                        throw members.refuse(
                                ManifestException.Code.UNSUPPORTED_VERSION,
                                "apiVersion",
                                "expected " + API_VERSION);
                    }
                    if (!members.take("redacted").equals(Json.of(true))) {
                        throw members.refuse(
                                ManifestException.Code.INVALID_VALUE, "redacted", "expected true");
                    }
                    return new Recording(
                            members.strings("redaction"),
                            members.list("exchanges", Recording::exchange));
                });
    }

    private static Exchange exchange(Json json, String place) {
        return Members.read(
                json,
                place,
                members -> {
                    var key = new Digest(members.string("key"));
                    var request = members.object("request");
                    if (!Digest.of(request).equals(key)) {
                        throw members.refuse(
                                ManifestException.Code.DIGEST_MISMATCH,
                                "key",
                                "expected the digest of the request");
                    }
                    return new Exchange(key, request, members.object("reply", Recording::reply));
                });
    }

    private static ChatReply reply(Members members) {
        if (members.has("refused")) {
            return members.object(
                    "refused",
                    refused ->
                            new ChatReply.Refused(
                                    (int) refused.positive("status", 499),
                                    refused.string("code"),
                                    text(refused, "message"),
                                    refused.has("retryAfterSeconds")
                                            ? Optional.of(
                                                    Duration.ofSeconds(
                                                            whole(refused, "retryAfterSeconds")))
                                            : Optional.empty()));
        }
        var text =
                members.has("text") ? Optional.of(text(members, "text")) : Optional.<String>empty();
        var calls =
                members.list(
                        "calls",
                        (json, place) ->
                                Members.read(
                                        json,
                                        place,
                                        call ->
                                                new ToolCall(
                                                        text(call, "id"),
                                                        text(call, "name"),
                                                        text(call, "arguments"))));
        var usage =
                members.has("tokens")
                        ? Optional.of(
                                members.object(
                                        "tokens",
                                        tokens ->
                                                new TokenCount(
                                                        whole(tokens, "input"),
                                                        whole(tokens, "output"))))
                        : Optional.<TokenCount>empty();
        return new ChatReply.Answer(text, calls, usage);
    }

    private static String text(Members members, String name) {
        if (members.take(name) instanceof Json.Str(var value)) {
            return value;
        }
        throw members.refuse(ManifestException.Code.INVALID_VALUE, name, "expected a string");
    }

    private static long whole(Members members, String name) {
        return members.take(name).equals(Json.of(0)) ? 0 : members.positive(name, Long.MAX_VALUE);
    }
}
