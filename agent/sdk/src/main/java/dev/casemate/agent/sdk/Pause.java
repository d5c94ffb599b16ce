package dev.casemate.agent.sdk;

import java.time.Duration;

/// Waits for nothing but time. An argument, so that tests need not wait.
@FunctionalInterface
interface Pause {

    Pause REAL = Thread::sleep;

    void pause(Duration time) throws InterruptedException;
}
