package dev.casemate.proxy.gateway;

import java.util.Locale;

/// The wire formats that the gateway speaks, with agents and with upstreams alike.
public enum WireFormat {
    /// OpenAI's chat completions, and whatever is compatible with them.
    OPENAI_CHAT,
    /// Anthropic's Messages.
    ANTHROPIC_MESSAGES;

    /// The word for it in the configuration and in records, for example `openai_chat`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Dialect dialect() {
        return switch (this) {
            case OPENAI_CHAT -> OpenAiChat.DIALECT;
            case ANTHROPIC_MESSAGES -> AnthropicMessages.DIALECT;
        };
    }
}
