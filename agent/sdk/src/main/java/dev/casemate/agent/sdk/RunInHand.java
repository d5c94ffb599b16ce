package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One run on a thread of its own: cancelling it interrupts nobody else.
final class RunInHand {

    private final CompletableFuture<RunReport> report = new CompletableFuture<>();
    private final Thread thread;

    private RunInHand(AgentLoop loop, String task) {
        thread =
                Thread.ofVirtual()
                        .name("run " + loop.correlation().run())
                        .unstarted(() -> {
                            try {
                                report.complete(loop.run(task));
                            } catch (RuntimeException | Error e) {
                                report.completeExceptionally(e);
                            }
                        });
    }

    /// @return begun
    static RunInHand of(AgentLoop loop, String task) {
        var run = new RunInHand(loop, task);
        run.thread.start();
        return run;
    }

    /// Ends the run; it still tells its end.
    void cancel() {
        thread.interrupt();
    }

    /// Waits as long as the run takes: its own deadline bounds it.
    RunReport await() throws InterruptedException {
        try {
            return report.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected a run to report its failures", e.getCause());
        }
    }

    /// @return empty if it has not ended by then
    Optional<RunReport> await(Duration limit) throws InterruptedException {
        try {
            return Optional.of(report.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected a run to report its failures", e.getCause());
        }
    }
}
