package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.manifest.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/// A model that says what a test wrote, one reply per prompt, and remembers what it was asked.
///
/// Not thread-safe: one run at a time.
public final class ScriptedModel implements ChatModel {

    /// What each reply is said to have taken.
    public static final TokenCount USAGE = new TokenCount(100, 20);

    private final Queue<ChatReply> script = new ArrayDeque<>();
    private final List<ChatRequest> asked = new ArrayList<>();
    private int calls;

    /// Next, it answers with a text.
    public ScriptedModel says(String text) {
        return replies(new ChatReply.Answer(Optional.of(text), List.of(), Optional.of(USAGE)));
    }

    /// Next, it calls one tool.
    public ScriptedModel calls(String tool, Json arguments) {
        return callsWith(tool, arguments.text());
    }

    /// Next, it calls one tool with a text that need not be JSON.
    public ScriptedModel callsWith(String tool, String arguments) {
        var call = new ToolCall("call-" + ++calls, tool, arguments);
        return replies(new ChatReply.Answer(Optional.empty(), List.of(call), Optional.of(USAGE)));
    }

    /// Next, it gives this reply.
    public ScriptedModel replies(ChatReply reply) {
        script.add(reply);
        return this;
    }

    /// Next, it gives these replies, one per prompt.
    public ScriptedModel repliesAll(List<? extends ChatReply> replies) {
        script.addAll(replies);
        return this;
    }

    /// The prompts so far.
    public List<ChatRequest> asked() {
        return List.copyOf(asked);
    }

    /// @throws IllegalStateException if the script is at its end
    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) {
        asked.add(request);
        var reply = script.poll();
        if (reply == null) {
            throw new IllegalStateException("expected no more than the scripted prompts");
        }
        return reply;
    }
}
