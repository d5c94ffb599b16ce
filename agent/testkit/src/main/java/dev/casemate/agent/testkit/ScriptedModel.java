package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.manifest.Json;
import java.time.Duration;
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

    /// One call of several in one answer.
    ///
    /// @param arguments a text that need not be JSON
    public record Call(String tool, String arguments) {

        public Call(String tool, Json arguments) {
            this(tool, arguments.text());
        }
    }

    /// One reply, and the pieces in which its text is told.
    private record Step(ChatReply reply, List<String> words) {}

    private final Queue<Step> script = new ArrayDeque<>();
    private final List<ChatRequest> asked = new ArrayList<>();
    private int calls;

    /// Next, it answers with a text.
    public ScriptedModel says(String text) {
        return replies(new ChatReply.Answer(Optional.of(text), List.of(), Optional.of(USAGE)));
    }

    /// Next, it answers with a text that is told in these pieces, as a model that streams does.
    public ScriptedModel streams(String... words) {
        var text = String.join("", words);
        var reply = new ChatReply.Answer(Optional.of(text), List.of(), Optional.of(USAGE));
        script.add(new Step(reply, List.of(words)));
        return this;
    }

    /// Next, it calls one tool.
    public ScriptedModel calls(String tool, Json arguments) {
        return callsWith(tool, arguments.text());
    }

    /// Next, it calls one tool with a text that need not be JSON.
    public ScriptedModel callsWith(String tool, String arguments) {
        return callsTogether(new Call(tool, arguments));
    }

    /// Next, it makes several calls in one answer.
    public ScriptedModel callsTogether(Call... together) {
        var listed = new ArrayList<ToolCall>();
        for (var call : together) {
            listed.add(new ToolCall("call-" + ++calls, call.tool(), call.arguments()));
        }
        return replies(new ChatReply.Answer(Optional.empty(), listed, Optional.of(USAGE)));
    }

    /// Next, the proxy or the provider refuses.
    ///
    /// @param status HTTP status, 400 to 499
    /// @param code for example `policy_blocked`
    public ScriptedModel refuses(int status, String code) {
        return replies(new ChatReply.Refused(status, code, "as the test says", Optional.empty()));
    }

    /// Next, the proxy or the provider refuses, and says when to ask again.
    public ScriptedModel refuses(int status, String code, Duration retryAfter) {
        return replies(
                new ChatReply.Refused(status, code, "as the test says", Optional.of(retryAfter)));
    }

    /// Next, no answer comes.
    public ScriptedModel fails(ChatReply.Failure failure) {
        return replies(new ChatReply.Failed(failure, "as the test says"));
    }

    /// Next, it gives this reply.
    public ScriptedModel replies(ChatReply reply) {
        script.add(new Step(reply, List.of()));
        return this;
    }

    /// Next, it gives these replies, one per prompt.
    public ScriptedModel repliesAll(List<? extends ChatReply> replies) {
        replies.forEach(this::replies);
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
        var step = script.poll();
        if (step == null) {
            throw new IllegalStateException("expected no more than the scripted prompts");
        }
        step.words().forEach(words);
        return step.reply();
    }
}
