package dev.casemate.container.launch;

import java.time.Duration;

/// The power to let time pass.
@FunctionalInterface
interface Pause {

    Pause SLEEP = Thread::sleep;

    void of(Duration time) throws InterruptedException;
}
