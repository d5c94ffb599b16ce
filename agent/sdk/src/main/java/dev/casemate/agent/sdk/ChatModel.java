package dev.casemate.agent.sdk;

import java.util.function.Consumer;

/// Whoever answers prompts: a model behind the proxy, or a script in a test.
@FunctionalInterface
public interface ChatModel {

    /// Asks, and waits for the whole answer, for at most the request's timeout.
    ///
    /// @param words told each piece of text as it comes; told nothing by a model that does not
    ///   stream. Nothing is acted on before the whole answer is here
    /// @throws InterruptedException when the run was cancelled while waiting
    ChatReply ask(ChatRequest request, Consumer<String> words) throws InterruptedException;
}
