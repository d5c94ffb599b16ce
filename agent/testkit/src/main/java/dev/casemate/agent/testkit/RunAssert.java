package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.testkit.BoundedMatch.Found;
import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What a test expects of a run. Every failure is an [AssertionError] that reads like a report:
/// what was expected, the task, each call with what became of it, and the end.
///
/// A tool *was called* if its code ran, whatever came of it. What the model merely asked for is
/// *asked*: it may have been refused.
public final class RunAssert {

    private final RunFacts facts;

    private RunAssert(RunReport report) {
        facts = new RunFacts(report);
    }

    public static RunAssert assertThatRun(RunReport report) {
        return new RunAssert(report);
    }

    /// The run, for what no assertion here says.
    public RunReport report() {
        return facts.report();
    }

    /// The tool ran at least once.
    public RunAssert called(String tool) {
        return require(
                facts.timesRun(CallPattern.any(tool)) > 0,
                "expected a call of " + tool + " that ran");
    }

    /// The tool ran at least once with these arguments; others may have been among them.
    public RunAssert called(String tool, Json.Obj arguments) {
        var pattern = new CallPattern(tool, arguments.members(), Map.of());
        return require(facts.timesRun(pattern) > 0, "expected a call of " + pattern + " that ran");
    }

    /// The tool ran at least once with such arguments.
    public RunAssert called(String tool, Predicate<Json.Obj> arguments) {
        return require(
                timesRun(tool, arguments) > 0,
                "expected a call of " + tool + " that ran, with arguments as the test says");
    }

    /// The tool ran so often.
    public RunAssert calledTimes(String tool, int times) {
        int ran = facts.timesRun(CallPattern.any(tool));
        return require(
                ran == times,
                "expected %d calls of %s that ran, found %d".formatted(times, tool, ran));
    }

    /// The tool did not run, whether or not the model asked for it.
    public RunAssert neverCalled(String tool) {
        return require(
                facts.timesRun(CallPattern.any(tool)) == 0, "expected that " + tool + " never ran");
    }

    /// The tool did not run with such arguments.
    public RunAssert neverCalled(String tool, Predicate<Json.Obj> arguments) {
        return require(
                timesRun(tool, arguments) == 0,
                "expected that " + tool + " never ran with arguments as the test says");
    }

    private long timesRun(String tool, Predicate<Json.Obj> arguments) {
        return facts.callsOf(tool).stream()
                .filter(RunFacts::ran)
                .filter(call ->
                        RunFacts.arguments(call) instanceof Json.Obj object
                                && arguments.test(object))
                .count();
    }

    /// The tools that ran, in order, and no others.
    public RunAssert calledInOrder(String... tools) {
        return require(
                facts.toolsRun().equals(List.of(tools)),
                "expected that these ran: "
                        + List.of(tools)
                        + ", and these did: "
                        + facts.toolsRun());
    }

    /// Nothing ran at all.
    public RunAssert nothingRan() {
        return require(
                facts.toolsRun().isEmpty(),
                "expected that nothing ran, and these did: " + facts.toolsRun());
    }

    /// The model asked for no tool at all.
    public RunAssert askedForNothing() {
        return require(facts.calls().isEmpty(), "expected that the model asked for no tool");
    }

    /// The model did not even ask for it, whether or not there is such a tool.
    public RunAssert neverAsked(String tool) {
        return require(
                facts.callsOf(tool).isEmpty(), "expected that the model did not ask for " + tool);
    }

    /// The model asked for the tool, and it was refused each time.
    public RunAssert refused(String tool) {
        return require(
                facts.refused(tool, Optional.empty()),
                "expected that the model asked for " + tool + " and was refused each time");
    }

    /// The model asked for the tool, and it was refused each time for this reason.
    public RunAssert refusedWith(String tool, Refusal reason) {
        return require(
                facts.refused(tool, Optional.of(reason)),
                "expected that the model asked for %s and was refused each time as %s"
                        .formatted(tool, Transcript.word(reason)));
    }

    /// A call of the tool ran and failed.
    public RunAssert failed(String tool) {
        return require(facts.failed(tool), "expected a call of " + tool + " that failed");
    }

    /// Nothing ran that the manifest does not list.
    public RunAssert noCallOutsideManifest() {
        return require(facts.stayedInManifest(), "expected that only tools of the manifest ran");
    }

    /// Each call that the model asked for was answered to it, once and in order.
    public RunAssert everyCallAnswered() {
        return require(facts.answeredEveryCall(), "expected an answer and a record for each call");
    }

    /// A call of the tool answered with a result that has this in it.
    public RunAssert toolResultContains(String tool, String part) {
        return require(
                facts.results(Optional.of(tool)).stream().anyMatch(text -> text.contains(part)),
                "expected a result of " + tool + " with \"" + part + "\"");
    }

    /// No result of any tool has this in it.
    public RunAssert noToolResultContains(String part) {
        return require(
                facts.results(Optional.empty()).stream().noneMatch(text -> text.contains(part)),
                "expected no result with \"" + part + "\"");
    }

    public RunAssert endedWith(Class<? extends RunEnd> end) {
        return require(
                end.isInstance(facts.report().end()), "expected the end " + end.getSimpleName());
    }

    /// The run ended in exactly this way.
    public RunAssert endedWith(RunEnd end) {
        return require(end.equals(facts.report().end()), "expected the end " + Transcript.end(end));
    }

    /// The run ended with an answer.
    public RunAssert answered() {
        return endedWith(RunEnd.Answered.class);
    }

    /// The run ended with an answer that has this text in it.
    public RunAssert answeredWith(String part) {
        return answered(text -> text.contains(part), "with \"" + part + "\"");
    }

    /// The run ended with an answer in which this is found.
    public RunAssert answeredMatching(Pattern pattern) {
        return answered(
                text -> BoundedMatch.search(pattern, text) == Found.YES, "that matches " + pattern);
    }

    /// The run ended with an answer that the test likes.
    ///
    /// @param words for the message, as in "expected an answer ..."
    public RunAssert answered(Predicate<String> text, String words) {
        return require(
                facts.report().answer().filter(text).isPresent(), "expected an answer " + words);
    }

    /// The run ended without an answer, or with one that has this nowhere in it.
    public RunAssert neverAnsweredWith(String part) {
        return require(
                facts.report().answer().filter(text -> text.contains(part)).isEmpty(),
                "expected no answer with \"" + part + "\"");
    }

    /// The model was asked at most so often.
    public RunAssert modelAskedAtMost(int times) {
        return atMost("answers of the model", facts.report().steps(), times);
    }

    /// All tokens together, input and output.
    public RunAssert tokensAtMost(long tokens) {
        return atMost("tokens", facts.report().tokens().total(), tokens);
    }

    private RunAssert atMost(String what, long found, long most) {
        return require(
                found <= most, "expected at most %d %s, found %d".formatted(most, what, found));
    }

    /// At these prices.
    public RunAssert costAtMost(BigDecimal usd, TokenPrices prices) {
        var cost = prices.cost(facts.report().tokens());
        return require(
                cost.compareTo(usd) <= 0,
                "expected a cost of at most %s USD, found %s USD"
                        .formatted(usd.toPlainString(), cost.stripTrailingZeros().toPlainString()));
    }

    private RunAssert require(boolean holds, String expectation) {
        if (!holds) {
            throw new AssertionError(expectation + "\n" + Transcript.of(facts.report()));
        }
        return this;
    }
}
