package dev.casemate.agent.sdk;

/// One call that a model asked for, exactly as it asked.
///
/// @param id by which the answer to the call refers to it
/// @param name of the function, as the model wrote it; anything at all
/// @param arguments the text that should be a JSON object; anything at all
public record ToolCall(String id, String name, String arguments) {}
