package dev.casemate.container.launch;

import org.junit.jupiter.api.Assumptions;

/// Whether this machine can run launches at all.
final class Machine {

    private Machine() {}

    /// Skips the test, saying why, where it cannot.
    static void assumeItCanLaunch() {
        try {
            Launcher.requireMachine();
        } catch (LaunchException e) {
            var reason = "no launch can be tried on this machine: " + e.getMessage();
            System.err.println("SKIPPED, " + reason);
            Assumptions.abort(reason);
        }
    }
}
