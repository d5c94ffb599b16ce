package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatMessage;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.manifest.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/// A model that was taken over: every call it makes is one that must not run.
///
/// First it goes through what can be counted: each name that is not in the manifest, tempting ones
/// and the manifest's own in disguise, and for each tool every way to break its schema, node by
/// node. Then it goes on with seeded mutations of those, without end. Whatever it sends was held
/// against the tool's schema by an independent validator, and is sent only because that refused it.
/// The same seed makes the same calls.
///
/// One model may play many runs, one after the other: it goes on where it was. Not thread-safe.
public final class HostileModel implements ChatModel {

    private final Random random;
    private final int prompts;
    private final int callsPerPrompt;
    private int everyMalicious = Integer.MAX_VALUE;
    private Optional<HostileCalls> calls = Optional.empty();
    private int made;

    /// @param prompts of each run, after which it gives a text, so that a run can end
    public HostileModel(long seed, int prompts, int callsPerPrompt) {
        random = new Random(seed);
        this.prompts = prompts;
        this.callsPerPrompt = callsPerPrompt;
    }

    /// The same, but one call in so many holds the schema and means harm: SQL, paths, addresses,
    /// instructions. Such a call does reach the tool: what it must not do there, the test says.
    ///
    /// @param every at least 1
    public HostileModel withMaliciousValues(int every) {
        if (every < 1) {
            throw new IllegalArgumentException("expected at least 1");
        }
        everyMalicious = every;
        return this;
    }

    /// How many different calls can be counted for these tools, before mutations begin.
    public static int counted(List<ToolSpec> tools) {
        return new HostileCalls(tools, new Random(0)).counted();
    }

    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) {
        var usage = Optional.of(new TokenCount(1, 1));
        long answered =
                request.messages().stream().filter(ChatMessage.Reply.class::isInstance).count();
        if (answered >= prompts) {
            return new ChatReply.Answer(Optional.of("I give up."), List.of(), usage);
        }
        var source = calls.orElseGet(() -> new HostileCalls(request.tools(), random));
        calls = Optional.of(source);
        var sent = new ArrayList<ToolCall>();
        for (int i = 0; i < callsPerPrompt; i++) {
            int number = ++made;
            var call = number % everyMalicious == 0 ? source.malicious() : source.next();
            sent.add(new ToolCall("hostile-" + number, call.tool(), call.arguments()));
        }
        return new ChatReply.Answer(Optional.empty(), sent, usage);
    }
}
