package dev.casemate.proxy.policy;

import java.util.Locale;

/// Where in an exchange a text stands, and so whose words it is.
public enum Source {
    /// A system or developer message.
    SYSTEM,
    /// A user's message.
    USER,
    /// What a model said, now or in an earlier turn.
    ASSISTANT,
    /// What a tool answered.
    TOOL_RESULT,
    /// What a model passes to a tool.
    TOOL_ARGUMENTS,
    /// Names, descriptions and schemas of the tools that are offered.
    TOOL_DEFINITION;

    /// The spelling in documents and records.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
