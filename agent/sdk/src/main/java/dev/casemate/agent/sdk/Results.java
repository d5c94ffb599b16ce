package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ToolSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What generated code does around a tool: holds the arguments against their shape, runs the tool,
/// and turns what comes out of it, or what it throws, into the answer to the model.
public final class Results {

    /// The answer of a tool that returns nothing.
    public static final String DONE = "done";

    /// The longest answer, in UTF-16 units: more does not fit a model's context.
    public static final int MAX_LENGTH = 1 << 18;

    private Results() {}

    /// A tool: from checked arguments to the text of its answer.
    @FunctionalInterface
    public interface Work {
        String run(ArgumentsValue in) throws Throwable;
    }

    /// Holds the arguments against their shape.
    ///
    /// @return why the tool would not run; empty if they hold
    public static Optional<ToolOutcome.Refused> check(ArgumentsShape shape, Json arguments) {
        return Optional.of(ArgumentsCheck.violations(shape, arguments))
                .filter(violations -> !violations.isEmpty())
                .map(Results::invalid);
    }

    /// Runs the tool if the arguments hold.
    ///
    /// @return never throws but for a [VirtualMachineError] other than [StackOverflowError]: the
    ///   machine is then no longer one to answer from
    public static ToolOutcome of(ArgumentsShape shape, Json arguments, Work work) {
        var violations = ArgumentsCheck.violations(shape, arguments);
        if (!violations.isEmpty()) {
            return invalid(violations);
        }
        try {
            return answered(work.run(new ArgumentsValue(arguments, ArgumentsPlace.ALL)));
        } catch (ArgumentsValue.Refusal e) {
            return invalid(List.of(e.violation()));
        } catch (Throwable e) {
            return outcomeOf(e);
        }
    }

    /// The answer to a call of a tool that was not compiled in.
    public static ToolOutcome.Refused unknownTool(AgentManifest manifest) {
        var names = manifest.tools().stream().map(ToolSpec::name).toList();
        return new ToolOutcome.Refused(
                ToolOutcome.Refusal.UNKNOWN_TOOL,
                names.isEmpty()
                        ? "There are no tools: answer without them."
                        : "There is no tool of that name. The tools are "
                                + String.join(", ", names)
                                + ".");
    }

    /// @throws ArithmeticException if it is infinite or not a number: JSON has no word for those
    public static Json number(double value) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException("not a finite number");
        }
        return Json.of(new BigDecimal(Double.toString(value)));
    }

    /// @throws ArithmeticException if it is infinite or not a number
    public static Json number(float value) {
        if (!Float.isFinite(value)) {
            throw new ArithmeticException("not a finite number");
        }
        return Json.of(new BigDecimal(Float.toString(value)));
    }

    public static Json text(LocalDate value) {
        return Json.of(value.toString());
    }

    public static Json text(LocalTime value) {
        return Json.of(value.toString());
    }

    /// In the form in which a tool takes one, as the others here.
    public static Json text(Instant value) {
        return Json.of(ArgumentsFormat.text(value));
    }

    public static Json text(OffsetDateTime value) {
        return Json.of(ArgumentsFormat.text(value));
    }

    public static Json text(Duration value) {
        return Json.of(ArgumentsFormat.text(value));
    }

    public static Json text(UUID value) {
        return Json.of(value.toString());
    }

    /// The record of a sealed interface, with the member that says which it is.
    public static Json kind(String word, Json.Obj record) {
        var json = Json.object().put(ArgumentsShape.KIND, word);
        record.members().forEach(json::put);
        return json.build();
    }

    /// Waits for what a tool does elsewhere. If the thread is interrupted meanwhile, the work is
    /// cancelled.
    ///
    /// @throws Throwable what the work failed with, as if the tool had thrown it
    public static <T extends @Nullable Object> T await(Future<T> work) throws Throwable {
        try {
            return work.get();
        } catch (InterruptedException e) {
            work.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw causeOf(e);
        }
    }

    /// As for a future; a stage that cannot be cancelled goes on, and what it yields is not used.
    public static <T extends @Nullable Object> T await(CompletionStage<T> work) throws Throwable {
        return await((Future<T>) work.toCompletableFuture());
    }

    /// As for a future.
    public static <T extends @Nullable Object> T await(CompletableFuture<T> work) throws Throwable {
        return await((Future<T>) work);
    }

    // Stages wrap what they hand on.
    private static Throwable causeOf(Throwable wrapper) {
        var cause = wrapper;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    public static <T> Json list(List<T> values, Function<? super T, Json> write) {
        var items = new ArrayList<Json>(values.size());
        values.forEach(value -> items.add(write.apply(value)));
        return Json.array(items);
    }

    /// An empty one is written as null: that nothing was found is an answer, too.
    public static <T> Json optional(Optional<T> value, Function<? super T, Json> write) {
        return value.<Json>map(write).orElseGet(Json.Null::new);
    }

    private static ToolOutcome answered(String text) {
        return text.length() <= MAX_LENGTH
                ? new ToolOutcome.Answered(text)
                : new ToolOutcome.Failed(
                        "ResultTooLong",
                        "The tool ran, but its answer has more than "
                                + MAX_LENGTH
                                + " characters. Ask for less.");
    }

    private static ToolOutcome.Refused invalid(List<String> violations) {
        return new ToolOutcome.Refused(
                ToolOutcome.Refusal.INVALID_ARGUMENTS,
                violations.stream()
                        .collect(
                                Collectors.joining(
                                        "\n- ",
                                        "The tool was not run. Correct its arguments and call it"
                                                + " again:\n- ",
                                        "")));
    }

    /// What a tool threw, as an answer to the model.
    private static ToolOutcome outcomeOf(Throwable thrown) {
        if (thrown instanceof GuardException refusal) {
            return new ToolOutcome.Refused(
                    ToolOutcome.Refusal.GUARD, String.valueOf(refusal.getMessage()));
        }
        if (thrown instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error;
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new ToolOutcome.Failed(
                simpleName(thrown),
                "The tool failed while it ran. Whether it had an effect is not known.");
    }

    private static String simpleName(Throwable thrown) {
        var name = thrown.getClass().getName();
        var simple = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
        // An anonymous class is numbered.
        return Character.isDigit(simple.charAt(0)) ? "Exception" : simple;
    }
}
