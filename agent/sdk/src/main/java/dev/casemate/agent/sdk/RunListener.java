package dev.casemate.agent.sdk;

/// Is told of a run's events, on the run's thread and in order.
///
/// The run waits for it. What it throws is dropped and counted in [RunReport#eventsLost], and the
/// run goes on: whoever must not lose an event takes care of that in the listener.
@FunctionalInterface
public interface RunListener {

    void on(RunEvent event);
}
