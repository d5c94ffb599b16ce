package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatMessage;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ChatRequest;
import dev.casemate.agent.sdk.TokenCount;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.manifest.ToolSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/// A model without a plan that means well: it calls the manifest's tools with arguments that hold
/// their schemas, drawn by chance, and then says something. For tests that run long.
///
/// The same seed makes the same calls. A tool for which it finds no arguments, because a pattern is
/// beyond it, is not called. Not thread-safe: one run at a time.
public final class SeededModel implements ChatModel {

    private static final int ATTEMPTS = 20;

    private final Random random;
    private final SchemaValues values;
    private final int maxPrompts;
    private final int maxCallsPerPrompt;
    private final Map<String, ArgumentsSchema> schemas = new HashMap<>();
    private int made;

    /// @param maxPrompts of one run, after which it answers; it may answer sooner
    /// @param maxCallsPerPrompt in one answer; it may make fewer
    public SeededModel(long seed, int maxPrompts, int maxCallsPerPrompt) {
        random = new Random(seed);
        values = new SchemaValues(random, false);
        this.maxPrompts = maxPrompts;
        this.maxCallsPerPrompt = maxCallsPerPrompt;
    }

    @Override
    public ChatReply ask(ChatRequest request, Consumer<String> words) {
        long answered =
                request.messages().stream().filter(ChatMessage.Reply.class::isInstance).count();
        var usage = Optional.of(new TokenCount(50, 10));
        var calls = new ArrayList<ToolCall>();
        if (answered < maxPrompts && !request.tools().isEmpty() && random.nextInt(8) != 0) {
            int count = 1 + random.nextInt(maxCallsPerPrompt);
            for (int i = 0; i < count; i++) {
                call(request.tools()).ifPresent(calls::add);
            }
        }
        if (!calls.isEmpty()) {
            return new ChatReply.Answer(Optional.empty(), calls, usage);
        }
        var text = values.words(3 + random.nextInt(20)) + ".";
        for (var word : text.split("(?<= )", -1)) {
            words.accept(word);
        }
        return new ChatReply.Answer(Optional.of(text), List.of(), usage);
    }

    private Optional<ToolCall> call(List<ToolSpec> tools) {
        var tool = tools.get(random.nextInt(tools.size()));
        var schema = schemas.computeIfAbsent(tool.name(), _ -> new ArgumentsSchema(tool));
        for (int i = 0; i < ATTEMPTS; i++) {
            var arguments = values.of(new SchemaNode(tool.inputSchema()));
            if (schema.accepts(arguments)) {
                return Optional.of(new ToolCall("seeded-" + ++made, tool.name(), arguments.text()));
            }
        }
        return Optional.empty();
    }
}
