package dev.casemate.agent.sdk;

import java.time.Duration;

/// Waits for nothing but time. An argument, so that tests need not wait.
@FunctionalInterface
public interface Pause {

    /// Lets the calling thread sleep.
    Pause SLEEP = Thread::sleep;

    /// @throws InterruptedException when the run was cancelled while waiting
    void pause(Duration time) throws InterruptedException;
}
