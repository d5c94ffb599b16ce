package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// The end of one launch, whichever comes first: its own, or that of this process by a signal.
///
/// On a signal the agent is told to end, and killed if it takes too long or a second signal comes.
/// The launch's thread, which then goes on, is given time to clean up as ever; only if it does not
/// is that done for it.
final class Ending implements AutoCloseable {

    private static final Duration OWN_END = Duration.ofSeconds(20);

    private final Runnable tell;
    private final Runnable kill;
    private final Runnable clean;
    private final AtomicBoolean cleaning = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean hurried = new AtomicBoolean();
    private final Thread hook = Thread.ofPlatform().unstarted(this::signalled);
    private volatile boolean signalled;

    Ending(Runnable tell, Runnable kill, Runnable clean) {
        this.tell = tell;
        this.kill = kill;
        this.clean = clean;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            clean.run();
            throw new LaunchException(Code.COMMAND_FAILED, "expected a process that goes on", e);
        }
    }

    /// @throws LaunchException if this process has been told to end
    void requireWanted() {
        if (signalled) {
            throw new LaunchException(Code.COMMAND_FAILED, "expected no signal to end");
        }
    }

    private void signalled() {
        signalled = true;
        SecondSignal.runs(this::hurry);
        try {
            tell.run();
            if (!ended.await(Launcher.TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.run();
            }
            if (!ended.await(OWN_END.toMillis(), TimeUnit.MILLISECONDS)) {
                finish();
            }
        } catch (InterruptedException | LaunchException e) {
            finish();
        }
    }

    /// Once; the waiting above then goes on as the agent is gone.
    private void hurry() {
        if (hurried.compareAndSet(false, true)) {
            kill.run();
        }
    }

    private void finish() {
        if (cleaning.compareAndSet(false, true)) {
            clean.run();
        }
    }

    @Override
    public void close() {
        finish();
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs already, and finds that all is done.
        }
    }
}
