package dev.casemate.agent.processor;

import java.util.Optional;

/// What a tool returns.
///
/// @param type empty if it returns nothing: then the answer says that it was done
/// @param awaited whether Java has it as a future
record Result(Optional<JavaType> type, boolean awaited) {}
