package dev.casemate.proxy.gateway;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlockParam;
import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A provider's own client, unchanged but for base URL, key and the test's certificate, asked for
/// one fixed conversation: instructions, a question, a call of the manifest's tool, and its result.
sealed interface OfficialClient extends AutoCloseable {

    String SYSTEM = "You are a test.";
    String QUESTION = "What is copper at?";
    String TOOL_NAME = "get_current_prices";
    String TOOL_DESCRIPTION = "Current price of a commodity";
    String ARGUMENTS = "{\"symbol\":\"HG\"}";
    String RESULT = "9765.43";

    /// What the client understood.
    ///
    /// @param calls `name arguments` of each
    /// @param reason in the client's own word
    /// @param inputTokens all that were read, the cached ones included
    record Said(
            String text,
            List<String> calls,
            String reason,
            long inputTokens,
            long cachedTokens,
            long outputTokens) {}

    Said ask(String model, boolean stream);

    /// The words for an answer that is whole, cut off, declined, and a tool call.
    List<String> reasons();

    @Override
    void close();

    static OfficialClient of(WireFormat format, House house, String key) {
        return switch (format) {
            case OPENAI_CHAT -> OpenAi.of(house, key);
            case ANTHROPIC_MESSAGES -> Anthropic.of(house, key);
        };
    }

    /// `openai-java`.
    record OpenAi(OpenAIClient client) implements OfficialClient {

        static OpenAi of(House house, String key) {
            return new OpenAi(
                    OpenAIOkHttpClient.builder()
                            .baseUrl(house.uri("/v1").toString())
                            .apiKey(key)
                            .maxRetries(0)
                            .sslSocketFactory(house.certificate.clientContext().getSocketFactory())
                            .trustManager(house.certificate.trustManager())
                            .build());
        }

        @Override
        public Said ask(String model, boolean stream) {
            var params = params(model);
            if (!stream) {
                return said(client.chat().completions().create(params.build()));
            }
            params.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
            var whole = ChatCompletionAccumulator.create();
            try (var events = client.chat().completions().createStreaming(params.build())) {
                events.stream().forEach(whole::accumulate);
            }
            return said(whole.chatCompletion());
        }

        private static ChatCompletionCreateParams.Builder params(String model) {
            var call =
                    ChatCompletionMessageFunctionToolCall.builder()
                            .id("call_0")
                            .function(
                                    ChatCompletionMessageFunctionToolCall.Function.builder()
                                            .name(TOOL_NAME)
                                            .arguments(ARGUMENTS)
                                            .build())
                            .build();
            return ChatCompletionCreateParams.builder()
                    .model(model)
                    .maxCompletionTokens(500)
                    .temperature(0.5)
                    .addSystemMessage(SYSTEM)
                    .addUserMessage(QUESTION)
                    .addMessage(
                            ChatCompletionAssistantMessageParam.builder().addToolCall(call).build())
                    .addMessage(
                            ChatCompletionToolMessageParam.builder()
                                    .toolCallId("call_0")
                                    .content(RESULT)
                                    .build())
                    .addFunctionTool(
                            FunctionDefinition.builder()
                                    .name(TOOL_NAME)
                                    .description(TOOL_DESCRIPTION)
                                    .parameters(parameters())
                                    .build());
        }

        private static FunctionParameters parameters() {
            var parameters = FunctionParameters.builder();
            SCHEMA.forEach((name, value) ->
                    parameters.putAdditionalProperty(name, com.openai.core.JsonValue.from(value)));
            return parameters.build();
        }

        private static Said said(ChatCompletion completion) {
            var choice = completion.choices().getFirst();
            var usage = completion.usage().orElseThrow();
            return new Said(
                    choice.message().content().orElse(""),
                    choice.message().toolCalls().orElse(List.of()).stream()
                            .map(call -> call.asFunction().function())
                            .map(call -> call.name() + " " + call.arguments())
                            .toList(),
                    choice.finishReason().asString(),
                    usage.promptTokens(),
                    usage.promptTokensDetails().orElseThrow().cachedTokens().orElse(0L),
                    usage.completionTokens());
        }

        @Override
        public List<String> reasons() {
            return List.of("stop", "length", "content_filter", "tool_calls");
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /// `anthropic-java`.
    record Anthropic(AnthropicClient client) implements OfficialClient {

        static Anthropic of(House house, String key) {
            return new Anthropic(
                    AnthropicOkHttpClient.builder()
                            .baseUrl(house.uri("").toString())
                            .apiKey(key)
                            .maxRetries(0)
                            .sslSocketFactory(house.certificate.clientContext().getSocketFactory())
                            .trustManager(house.certificate.trustManager())
                            .build());
        }

        @Override
        public Said ask(String model, boolean stream) {
            var params = params(model);
            if (!stream) {
                return said(client.messages().create(params));
            }
            var whole = MessageAccumulator.create();
            try (var events = client.messages().createStreaming(params)) {
                events.stream().forEach(whole::accumulate);
            }
            return said(whole.message());
        }

        private static MessageCreateParams params(String model) {
            var schema =
                    Tool.InputSchema.builder()
                            .properties(
                                    Tool.InputSchema.Properties.builder()
                                            .putAdditionalProperty("symbol", JsonValue.from(SYMBOL))
                                            .build())
                            .required(List.of("symbol"))
                            .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                            .build();
            return MessageCreateParams.builder()
                    .model(model)
                    .maxTokens(500)
                    .temperature(0.5)
                    .system(SYSTEM)
                    .addUserMessage(QUESTION)
                    .addAssistantMessageOfBlockParams(
                            List.of(
                                    ContentBlockParam.ofToolUse(
                                            ToolUseBlockParam.builder()
                                                    .id("call_0")
                                                    .name(TOOL_NAME)
                                                    .input(
                                                            ToolUseBlockParam.Input.builder()
                                                                    .putAdditionalProperty(
                                                                            "symbol",
                                                                            JsonValue.from("HG"))
                                                                    .build())
                                                    .build())))
                    .addUserMessageOfBlockParams(
                            List.of(
                                    ContentBlockParam.ofToolResult(
                                            ToolResultBlockParam.builder()
                                                    .toolUseId("call_0")
                                                    .content(RESULT)
                                                    .build())))
                    .addTool(
                            Tool.builder()
                                    .name(TOOL_NAME)
                                    .description(TOOL_DESCRIPTION)
                                    .inputSchema(schema)
                                    .build())
                    .build();
        }

        private static Said said(Message message) {
            var usage = message.usage();
            long cached = usage.cacheReadInputTokens().orElse(0L);
            return new Said(
                    String.join(
                            "",
                            message.content().stream()
                                    .flatMap(block -> block.text().stream())
                                    .map(block -> block.text())
                                    .toList()),
                    message.content().stream()
                            .filter(ContentBlock::isToolUse)
                            .map(ContentBlock::asToolUse)
                            .map(call -> call.name() + " " + arguments(call._input()))
                            .toList(),
                    message.stopReason().orElseThrow().asString(),
                    usage.inputTokens() + cached,
                    cached,
                    usage.outputTokens());
        }

        // The client parses the arguments; the one member of the fixture's is what matters.
        private static String arguments(JsonValue input) {
            var members = input.convert(new TypeReference<Map<String, String>>() {});
            return "{\"symbol\":\"%s\"}".formatted(Objects.requireNonNull(members).get("symbol"));
        }

        @Override
        public List<String> reasons() {
            return List.of("end_turn", "max_tokens", "refusal", "tool_use");
        }

        @Override
        public void close() {
            client.close();
        }
    }

    Map<String, Object> SYMBOL = Map.of("type", "string", "maxLength", 6);

    /// The manifest's, member for member.
    Map<String, Object> SCHEMA =
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("symbol", SYMBOL),
                    "required",
                    List.of("symbol"),
                    "additionalProperties",
                    false);
}
