package dev.casemate.agent.sdk;

/// Is told of a run's events, on the run's thread and in order.
@FunctionalInterface
public interface RunListener {

    void on(RunEvent event);
}
