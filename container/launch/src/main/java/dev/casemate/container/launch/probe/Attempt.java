package dev.casemate.container.launch.probe;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One thing that a contained agent must not be able to do.
///
/// @param kind what it is tried against: process, native, code, files, network, names, resources
record Attempt(String name, Kind kind, Act act) {

    /// How long one attempt may take; one that hangs has not come about.
    static final Duration LIMIT = Duration.ofSeconds(20);

    /// What part of the containment an attempt is made against.
    enum Kind {
        PROCESS,
        NATIVE,
        CODE,
        FILES,
        NETWORK,
        NAMES,
        RESOURCES,
        /// The other way round: this one must come about, or the rest says nothing.
        ALLOWED
    }

    /// Returns what was seen when it came about; throws when something held.
    interface Act {
        String run() throws Throwable;
    }

    /// What became of it.
    ///
    /// @param seen what came about, or what stopped it
    record Result(Attempt attempt, boolean held, String seen) {

        String json() {
            return "{\"attempt\":%s,\"class\":%s,\"held\":%s,\"seen\":%s}"
                    .formatted(
                            quoted(attempt.name),
                            quoted(attempt.kind.name().toLowerCase(java.util.Locale.ROOT)),
                            held,
                            quoted(seen));
        }
    }

    Result make() {
        var outcome = new CompletableFuture<Result>();
        // A platform thread: a virtual one that blocks in a file would hold up the others.
        Thread.ofPlatform().daemon().start(() -> outcome.complete(attempt()));
        try {
            return outcome.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Result(this, true, "nothing came about in time");
        } catch (InterruptedException | ExecutionException e) {
            return new Result(this, false, "the attempt itself broke off");
        }
    }

    private Result attempt() {
        try {
            return new Result(this, false, act.run());
        } catch (Throwable stopped) {
            return new Result(this, true, shown(stopped));
        }
    }

    private static String shown(Throwable stopped) {
        var cause = stopped;
        while ((cause instanceof InvocationTargetException
                        || cause instanceof ExceptionInInitializerError)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        var message = String.valueOf(cause.getMessage());
        return cause.getClass().getSimpleName()
                + ": "
                + message.substring(0, Math.min(100, message.length()));
    }

    static String quoted(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
