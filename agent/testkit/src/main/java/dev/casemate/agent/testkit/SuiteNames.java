package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import java.util.List;
import java.util.Set;

/// Holds the names in a suite against the manifest: a tool that is spelled wrong would never be
/// called, and every case that forbids it would pass.
final class SuiteNames {

    private final AgentManifest manifest;

    private SuiteNames(AgentManifest manifest) {
        this.manifest = manifest;
    }

    static void check(EvaluationSuite suite, AgentManifest manifest) {
        var header = suite.header();
        if (!header.agent().equals(manifest.name())) {
            throw new TestkitException(
                    Code.OTHER_AGENT,
                    EvaluationSuite.FILE + " agent",
                    "expected the name of the agent that is evaluated");
        }
        if (header.model().isPresent() && !manifest.models().contains(header.model().get())) {
            throw new TestkitException(
                    Code.BROKEN_REFERENCE,
                    EvaluationSuite.FILE + " model",
                    "expected one of the manifest's models: " + manifest.models());
        }
        var names = new SuiteNames(manifest);
        suite.cases().forEach(names::check);
    }

    private void check(EvaluationCase it) {
        var expected = it.expectations();
        it.fixtures().forEach(fixture -> known(it, "fixtures", fixture.calls()));
        expected.called().forEach(called -> known(it, "called", called.calls()));
        expected.neverCalled().forEach(calls -> known(it, "neverCalled", calls));
        expected.calledInOrder()
                .ifPresent(order -> order.forEach(tool -> known(it, "calledInOrder", tool)));
        expected.failed().forEach(tool -> known(it, "failed", tool));
        expected.results()
                .forEach(result -> result.tool().ifPresent(tool -> known(it, "results", tool)));
    }

    private void known(EvaluationCase it, String key, String tool) {
        if (manifest.tool(tool).isEmpty()) {
            throw new TestkitException(
                    Code.BROKEN_REFERENCE,
                    it.place() + " " + key,
                    "expected a tool of the manifest and found "
                            + Shown.line(tool, 64)
                            + "; what is not in it never runs: say refused or neverAsked");
        }
    }

    private void known(EvaluationCase it, String key, CallPattern calls) {
        known(it, key, calls.tool());
        var schema = manifest.tool(calls.tool()).orElseThrow().inputSchema();
        var properties =
                schema.get("properties").orElseGet(Json.Null::new) instanceof Json.Obj object
                        ? object.members().keySet()
                        : Set.<String>of();
        for (var named : List.of(calls.arguments().keySet(), calls.matching().keySet())) {
            if (!properties.containsAll(named)) {
                throw new TestkitException(
                        Code.BROKEN_REFERENCE,
                        it.place() + " " + key,
                        "expected arguments of " + calls.tool() + ": " + properties);
            }
        }
    }
}
