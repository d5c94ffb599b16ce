package dev.casemate.container.deploy;

import java.util.Locale;

/// What is deployed.
public enum Kind {
    /// An agent with one task: it ends with its run and is not started again.
    TASK,
    /// An agent that takes tasks from the proxy's queue until it is told to end.
    WORKER,
    /// The inference proxy.
    PROXY;

    /// The word for it in `gaps.json`.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
