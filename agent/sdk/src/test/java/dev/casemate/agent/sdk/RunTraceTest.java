package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.TestRun.call;
import static dev.casemate.agent.sdk.TestRun.calls;
import static dev.casemate.agent.sdk.TestRun.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.JsonReader;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a run looks like in a trace.
@Timeout(30)
class RunTraceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final FakeTools tools = new FakeTools().reads("look_up", _ -> "the result");
    private final TestRun run = new TestRun(tools).at(() -> START);

    private static String attributes(Span span) {
        return span.attributes().text();
    }

    @Test
    void aRunIsOneSpanAroundOnePerAnswerAndOnePerCall() {
        run.of(
                calls(call("a", "look_up", "{\"n\":1}"), call("b", "look_up", "{\"n\":2}")),
                says("42"));
        var spans = run.spans();
        assertThat(spans.stream().map(Span::name))
                .containsExactly(
                        "chat test-model",
                        "execute_tool look_up",
                        "execute_tool look_up",
                        "chat test-model",
                        "invoke_agent tester");
        assertThat(spans.stream().map(Span::kind))
                .containsExactly(
                        Span.Kind.CLIENT,
                        Span.Kind.INTERNAL,
                        Span.Kind.INTERNAL,
                        Span.Kind.CLIENT,
                        Span.Kind.INTERNAL);
        var agent = spans.getLast();
        assertThat(agent.parent()).isEmpty();
        assertThat(spans.subList(0, 4))
                .allSatisfy(span -> {
                    assertThat(span.parent()).contains(agent.context().spanId());
                    assertThat(span.context().traceId()).isEqualTo(agent.context().traceId());
                    assertThat(span.error()).isEmpty();
                });
        assertThat(spans.stream().map(span -> span.context().spanId()).distinct()).hasSize(5);
        assertThat(run.requests.stream().map(ChatRequest::trace))
                .containsExactly(spans.get(0).context(), spans.get(3).context());
    }

    @Test
    void theSpansHaveTheAttributesOfTheGenAiConventions() {
        run.of(calls(call("call-1", "look_up", "{}")), says("42"));
        var spans = run.spans();
        assertThat(attributes(spans.getFirst()))
                .isEqualTo(
                        "{\"gen_ai.operation.name\":\"chat\",\"gen_ai.provider.name\":\"openai\","
                                + "\"gen_ai.request.model\":\"test-model\","
                                + "\"gen_ai.conversation.id\":\"run-1\","
                                + "\"gen_ai.usage.input_tokens\":10,"
                                + "\"gen_ai.usage.output_tokens\":5,"
                                + "\"gen_ai.response.finish_reasons\":[\"tool_calls\"]}");
        assertThat(attributes(spans.get(1)))
                .isEqualTo(
                        "{\"gen_ai.operation.name\":\"execute_tool\","
                                + "\"gen_ai.tool.name\":\"look_up\","
                                + "\"gen_ai.tool.call.id\":\"call-1\","
                                + "\"gen_ai.tool.type\":\"function\"}");
        assertThat(attributes(spans.getLast()))
                .isEqualTo(
                        "{\"gen_ai.operation.name\":\"invoke_agent\","
                                + "\"gen_ai.provider.name\":\"openai\","
                                + "\"gen_ai.request.model\":\"test-model\","
                                + "\"gen_ai.agent.name\":\"tester\","
                                + "\"gen_ai.agent.version\":\"1\",\"gen_ai.agent.id\":\""
                                + tools.manifest().digest().value()
                                + "\",\"gen_ai.agent.description\":\"Tests the loop\","
                                + "\"gen_ai.conversation.id\":\"run-1\","
                                + "\"gen_ai.usage.input_tokens\":20,"
                                + "\"gen_ai.usage.output_tokens\":10}");
    }

    @Test
    void noSpanHoldsWhatWasSaidOrANameThatTheModelMadeUp() {
        run.of(
                calls(
                        call("a novel, told in an id", "look_up", "{\"to\":\"the argument\"}"),
                        call("b", "a_made_up_tool", "{}")),
                says("the answer"));
        assertThat(run.spans().toString())
                .doesNotContain(
                        "novel", "the argument", "the result", "made_up", "the answer", "What is");
        assertThat(run.spans().get(2).name()).isEqualTo("execute_tool");
        assertThat(run.spans().get(2).error()).contains("unknown_tool");
    }

    @Test
    void whatWentWrongIsItsErrorType() {
        var failing =
                new FakeTools()
                        .limitedTo(FakeTools.limits(2, 9))
                        .reads(
                                "look_up",
                                _ -> {
                                    throw new IllegalStateException("secret");
                                });
        var trial = new TestRun(failing);
        trial.of(
                calls(
                        call("a", "look_up", "{"),
                        call("b", "look_up", "{}"),
                        call("c", "look_up", "{\"n\":1}")));
        assertThat(trial.spans().stream().map(Span::error))
                .containsExactly(
                        Optional.empty(),
                        Optional.of("invalid_arguments"),
                        Optional.of("java.lang.IllegalStateException"),
                        Optional.of("limit_reached"),
                        Optional.of("tool_call_limit"));
    }

    @Test
    void aPromptThatIsRefusedOrGetsNoAnswerIsAnError() {
        run.of(new ChatReply.Refused(403, "policy_blocked", "no", Optional.empty()));
        run.of(new ChatReply.Failed(ChatReply.Failure.TIMED_OUT, "no"));
        run.of((_, _) -> {
            throw new InterruptedException();
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(run.spans().stream().map(Span::error))
                .containsExactly(
                        Optional.of("policy_blocked"),
                        Optional.of("model_refused"),
                        Optional.of("timed_out"),
                        Optional.of("model_failed"),
                        Optional.of("cancelled"),
                        Optional.of("cancelled"));
    }

    @Test
    void aRepeatedWriteSaysSo() {
        var writing = new FakeTools().writes("file", _ -> "x");
        var trial = new TestRun(writing);
        trial.of(calls(call("a", "file", "{}"), call("b", "file", "{}")), says("done"));
        assertThat(JsonReader.read(attributes(trial.spans().get(2))).text())
                .contains("\"casemate.tool.repeated\":true");
    }

    @Test
    void aRunThatIsPartOfATraceIsInsideItsSpan() {
        var parent = new TraceContext("1".repeat(32), "2".repeat(16));
        Queue<ChatReply> replies = new ArrayDeque<>(List.of(says("42")));
        run.loop(
                        (request, _) -> {
                            run.requests.add(request);
                            return replies.remove();
                        })
                .run("What is it?", parent);
        var agent = run.spans().getLast();
        assertThat(agent.parent()).contains("2".repeat(16));
        assertThat(agent.context().traceId()).isEqualTo("1".repeat(32));
        assertThat(run.requests.getFirst().trace().traceId()).isEqualTo("1".repeat(32));
    }

    @Test
    void theSameSeedGivesTheSameTraceHoweverTheCallsEnd() {
        var other = new TestRun(tools).at(() -> START);
        for (var each : List.of(run, other)) {
            each.of(
                    calls(
                            call("a", "look_up", "{\"n\":1}"),
                            call("b", "look_up", "{\"n\":2}"),
                            call("c", "look_up", "{\"n\":3}")),
                    says("42"));
        }
        assertThat(other.spans()).isEqualTo(run.spans());
    }
}
