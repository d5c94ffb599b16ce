package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class ResultsTest {

    private static ToolOutcome run(Results.Work work) {
        return Results.of(ArgumentsShape.object(), Json.object().build(), work);
    }

    private static ToolOutcome awaited(Future<String> work) {
        return run(_ -> Results.await(work));
    }

    private static ToolOutcome failed(String exception) {
        return new ToolOutcome.Failed(
                exception, "The tool failed while it ran. Whether it had an effect is not known.");
    }

    @Test
    void anInterruptedToolCancelsWhatItWaitsFor() {
        for (var work :
                new Future<?>[] {new CompletableFuture<String>(), new FutureTask<>(() -> "late")}) {
            Thread.currentThread().interrupt();
            assertThat(run(_ -> String.valueOf(Results.await(work))))
                    .isEqualTo(failed("InterruptedException"));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(work.isCancelled()).isTrue();
        }
    }

    @Test
    void anInterruptedToolLeavesAStageBehind() {
        CompletionStage<String> stage = new CompletableFuture<String>().minimalCompletionStage();
        Thread.currentThread().interrupt();
        assertThat(run(_ -> Results.await(stage))).isEqualTo(failed("InterruptedException"));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aFailureIsFoundInsideItsWrappers() {
        var wrapped =
                new CompletionException(
                        new ExecutionException(new IllegalStateException("secret")));
        assertThat(awaited(CompletableFuture.failedFuture(wrapped)))
                .isEqualTo(failed("IllegalStateException"));
        assertThat(awaited(CompletableFuture.failedFuture(new CompletionException("alone", null))))
                .isEqualTo(failed("CompletionException"));
    }

    @Test
    void theKindOfARecordIsItsFirstMember() {
        var json = Results.kind("Limit", Json.object().put("price", 1).build());
        assertThat(json.text()).isEqualTo("{\"kind\":\"Limit\",\"price\":1}");
    }
}
