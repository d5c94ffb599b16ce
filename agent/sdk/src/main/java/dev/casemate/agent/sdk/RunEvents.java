package dev.casemate.agent.sdk;

/// Tells a run's listener what happens. A listener that fails does not touch the run: it is told
/// all the same of what comes next, and the report says how many events it did not take.
final class RunEvents {

    private final RunListener listener;
    private int lost;

    RunEvents(RunListener listener) {
        this.listener = listener;
    }

    void tell(RunEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException | StackOverflowError e) {
            lost++;
        }
    }

    /// Events that the listener failed on.
    int lost() {
        return lost;
    }
}
