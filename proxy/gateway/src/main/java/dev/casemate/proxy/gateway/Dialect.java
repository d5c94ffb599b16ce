package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// One wire format, spoken both ways. Between a reader and a writer there is only [ChatRequest],
/// [ModelAnswer] and [AnswerPart], so that any agent's format meets any upstream's.
///
/// What a format cannot say is refused as `NOT_TRANSLATABLE`; nothing is left out in silence.
sealed interface Dialect permits OpenAiChat, AnthropicMessages {

    // ---- with agents

    /// @throws GatewayException `MALFORMED_JSON` or `INVALID_REQUEST`
    default ChatRequest read(byte[] body) {
        try {
            return read(WireJson.read(body));
        } catch (WireJson.MalformedException e) {
            throw new GatewayException(ErrorCode.MALFORMED_JSON, String.valueOf(e.getMessage()));
        }
    }

    /// @throws GatewayException `INVALID_REQUEST`
    ChatRequest read(Json request);

    /// A whole answer.
    ///
    /// @throws GatewayException `UPSTREAM_FAILED` if the format has no word for it
    Json.Obj answer(ModelAnswer answer);

    /// Writes one streamed answer.
    StreamWriter writer(ChatRequest request);

    /// The body of an error.
    Json.Obj error(GatewayException error);

    /// An error as the last event of a stream that has begun.
    String errorEvent(GatewayException error);

    /// The list of models that an agent may use.
    Json.Obj models(List<GatewayConfig.Model> models);

    // ---- with upstreams

    /// Below the upstream's URL.
    String path();

    /// Everything but the content type.
    Map<String, String> headers(Optional<Secret> key);

    /// The request as the upstream gets it.
    ///
    /// @throws GatewayException `NOT_TRANSLATABLE`
    Json.Obj request(ChatRequest request, GatewayConfig.Model target);

    /// The most input tokens that the provider adds to what it is sent, beyond one for each byte.
    long addedInputTokens(ChatRequest request);

    /// @throws GatewayException `UPSTREAM_FAILED`
    ModelAnswer readAnswer(Json json);

    /// Reads one streamed answer.
    StreamReader reader();

    /// Whether an error body says that the conversation is too long for the model.
    boolean saysContextExceeded(Json.Obj error);

    /// A streamed answer's events, one after the other.
    interface StreamReader {
        /// @param data of one server-sent event
        /// @throws GatewayException `UPSTREAM_FAILED`
        void event(byte[] data, Consumer<AnswerPart> sink);
    }

    /// Appends server-sent events to what is about to leave. Each text that it gets may leave.
    interface StreamWriter {
        void begin(StringBuilder out, AnswerPart.Begun begun);

        void text(StringBuilder out, String text);

        void refusal(StringBuilder out, String text);

        /// Everything that was held: tool calls, the reason of the end, usage, the end mark.
        ///
        /// @throws GatewayException `UPSTREAM_FAILED` if the format has no word for the reason
        void end(StringBuilder out, ModelAnswer answer);
    }
}
