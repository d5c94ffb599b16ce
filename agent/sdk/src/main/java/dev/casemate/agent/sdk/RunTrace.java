package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The spans of one run, told when each has ended, on the run's thread and in the order in which
/// the model asked.
///
/// Source: OpenTelemetry's semantic conventions for generative AI (status: development), spans
/// `invoke_agent`, `chat` and `execute_tool`. What people, models and tools said is in no
/// attribute, and neither is a name that the model made up.
final class RunTrace {

    /// The conventions ask for the provider, or for the format that is spoken to it where a proxy
    /// chooses the provider.
    private static final String PROVIDER = "openai";

    private static final int MAX_ERROR_CHARS = 128;

    // Whoever answers for the model chose the id, so a long or strange one is left out.
    private static final Pattern CALL_ID = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

    private final AgentLoop loop;
    private final RunEvents events;
    private final Optional<TraceContext> parent;
    private final TraceContext agent;
    private final Instant begin;

    /// @param parent of the span around the whole run
    RunTrace(AgentLoop loop, RunEvents events, Optional<TraceContext> parent) {
        this.loop = loop;
        this.events = events;
        this.parent = parent;
        agent =
                parent.map(it -> it.child(loop.random()))
                        .orElseGet(() -> TraceContext.drawn(loop.random()));
        begin = loop.clock().instant();
    }

    /// Where the next step of the run happens: a span inside the run's own.
    TraceContext step() {
        return agent.child(loop.random());
    }

    /// The model was asked.
    ///
    /// @param reply empty if the run was cancelled meanwhile
    void asked(TraceContext context, Instant start, Optional<ChatReply> reply) {
        var attributes =
                operation("chat")
                        .put("gen_ai.provider.name", PROVIDER)
                        .put("gen_ai.request.model", loop.modelName())
                        .put("gen_ai.conversation.id", loop.correlation().run());
        Optional<String> error =
                switch (reply.orElse(null)) {
                    case null -> Optional.of(new RunEnd.Cancelled().word());
                    case ChatReply.Answer answer -> {
                        answer.usage().ifPresent(usage -> usage(attributes, usage));
                        attributes.put(
                                "gen_ai.response.finish_reasons",
                                Json.strings(
                                        List.of(answer.calls().isEmpty() ? "stop" : "tool_calls")));
                        yield Optional.empty();
                    }
                    case ChatReply.Refused refused -> Optional.of(refused.code());
                    case ChatReply.Failed failed -> Optional.of(failed.failure().word());
                };
        tell(
                context,
                "chat " + loop.modelName(),
                Span.Kind.CLIENT,
                start,
                loop.clock().instant(),
                attributes,
                error);
    }

    /// A call was executed or refused.
    ///
    /// @param known whether its tool is one of the manifest's
    void called(
            TraceContext context, RunReport.Call call, boolean known, Instant start, Instant end) {
        var attributes = operation("execute_tool");
        if (known) {
            attributes.put("gen_ai.tool.name", call.tool());
        }
        if (CALL_ID.matcher(call.call().id()).matches()) {
            attributes.put("gen_ai.tool.call.id", call.call().id());
        }
        attributes.put("gen_ai.tool.type", "function");
        Optional<String> error =
                switch (call.outcome()) {
                    case ToolOutcome.Answered _ -> Optional.empty();
                    case ToolOutcome.Repeated _ -> {
                        attributes.put("casemate.tool.repeated", true);
                        yield Optional.empty();
                    }
                    case ToolOutcome.Refused(var reason, _) ->
                            Optional.of(reason.name().toLowerCase(Locale.ROOT));
                    case ToolOutcome.Failed(var exception, _) -> Optional.of(exception);
                };
        tell(
                context,
                known ? "execute_tool " + call.tool() : "execute_tool",
                Span.Kind.INTERNAL,
                start,
                end,
                attributes,
                error);
    }

    /// The run has ended.
    void ended(RunEnd end, TokenCount tokens) {
        var manifest = loop.tools().manifest();
        var attributes =
                operation("invoke_agent")
                        .put("gen_ai.provider.name", PROVIDER)
                        .put("gen_ai.request.model", loop.modelName())
                        .put("gen_ai.agent.name", manifest.name())
                        .put("gen_ai.agent.version", manifest.version())
                        .put("gen_ai.agent.id", manifest.digest().value())
                        .put("gen_ai.agent.description", manifest.purpose())
                        .put("gen_ai.conversation.id", loop.correlation().run());
        usage(attributes, tokens);
        var span =
                new Span(
                        agent,
                        parent.map(TraceContext::spanId),
                        "invoke_agent " + manifest.name(),
                        Span.Kind.INTERNAL,
                        begin,
                        loop.clock().instant(),
                        attributes.build(),
                        end instanceof RunEnd.Answered
                                ? Optional.empty()
                                : Optional.of(end.word()));
        events.tell(new RunEvent.Traced(span));
    }

    private static Json.Builder operation(String name) {
        return Json.object().put("gen_ai.operation.name", name);
    }

    private static void usage(Json.Builder attributes, TokenCount tokens) {
        attributes
                .put("gen_ai.usage.input_tokens", tokens.input())
                .put("gen_ai.usage.output_tokens", tokens.output());
    }

    private void tell(
            TraceContext context,
            String name,
            Span.Kind kind,
            Instant start,
            Instant end,
            Json.Builder attributes,
            Optional<String> error) {
        var span =
                new Span(
                        context,
                        Optional.of(agent.spanId()),
                        name,
                        kind,
                        start,
                        end,
                        attributes.build(),
                        error.map(word -> TextLimit.cut(word, MAX_ERROR_CHARS)));
        events.tell(new RunEvent.Traced(span));
    }
}
