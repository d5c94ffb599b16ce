package dev.casemate.agent.sdk;

/// Whoever answers prompts: a model behind the proxy, or a script in a test.
@FunctionalInterface
public interface ChatModel {

    /// Asks, and waits for the whole answer, for at most the request's timeout.
    ///
    /// @throws InterruptedException when the run was cancelled while waiting
    ChatReply ask(ChatRequest request) throws InterruptedException;
}
