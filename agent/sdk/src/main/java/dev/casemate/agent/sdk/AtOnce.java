package dev.casemate.agent.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Several pieces of work at the same time, begun in their order, with results in their order.
final class AtOnce {

    /// No more run at once; what an answer asks for beyond that waits.
    static final int MAX_AT_ONCE = 8;

    private AtOnce() {}

    /// Waits for all of them. If the calling thread is interrupted meanwhile, it stays interrupted,
    /// and so is every thread that works.
    ///
    /// @param work ends soon where its thread is interrupted, also if it was before it began
    static <T> List<T> all(List<Supplier<T>> work) {
        if (work.size() == 1) {
            return List.of(work.getFirst().get());
        }
        var results = work.stream().map(_ -> new CompletableFuture<T>()).toList();
        var next = new AtomicInteger();
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < Math.min(work.size(), MAX_AT_ONCE); i++) {
            workers.add(Thread.ofVirtual().name("calls").start(() -> take(work, results, next)));
        }
        await(workers);
        return results.stream().map(CompletableFuture::join).toList();
    }

    private static <T> void take(
            List<Supplier<T>> work, List<CompletableFuture<T>> results, AtomicInteger next) {
        for (int i = next.getAndIncrement(); i < work.size(); i = next.getAndIncrement()) {
            try {
                results.get(i).complete(work.get(i).get());
            } catch (RuntimeException | Error e) {
                // Told to whoever waits: here nobody would hear it.
                results.get(i).completeExceptionally(e);
            }
        }
    }

    private static void await(List<Thread> workers) {
        boolean interrupted = false;
        for (var worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    workers.forEach(Thread::interrupt);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
