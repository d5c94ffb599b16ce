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
            System.err.println(
                    "SKIPPED, no launch can be tried on this machine: " + e.getMessage());
            Assumptions.abort(e.getMessage());
        }
    }
}
