package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.agent.testkit.Expectations.Called;
import dev.casemate.agent.testkit.Expectations.Refused;
import dev.casemate.agent.testkit.Expectations.Result;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// Reads what a case gives its run, the fixtures, and what it expects of it.
final class CaseReader {

    /// The words of [dev.casemate.agent.sdk.RunEnd#word].
    static final Set<String> ENDS =
            Set.of(
                    "answered",
                    "step_limit",
                    "tool_call_limit",
                    "token_limit",
                    "deadline_reached",
                    "repeated_call",
                    "context_overflow",
                    "model_refused",
                    "model_failed",
                    "cancelled");

    private static final Map<String, Refusal> REFUSALS = refusals();
    private static final int MAX_CALLS = 100_000;

    private CaseReader() {}

    private static Map<String, Refusal> refusals() {
        var words = new TreeMap<String, Refusal>();
        for (var refusal : Refusal.values()) {
            words.put(refusal.name().toLowerCase(Locale.ROOT), refusal);
        }
        return words;
    }

    static Fixture fixture(Yaml yaml) {
        return yaml.mapping(keys -> {
            var calls = pattern(keys);
            var outcomes = new ArrayList<ToolOutcome>();
            keys.find("result").map(CaseReader::answered).ifPresent(outcomes::add);
            keys.find("fails").map(CaseReader::failed).ifPresent(outcomes::add);
            keys.find("refuses").map(CaseReader::guarded).ifPresent(outcomes::add);
            if (outcomes.size() != 1) {
                throw yaml.refuse(Code.INVALID_VALUE, "one of result, fails, refuses");
            }
            return new Fixture(calls, outcomes.getFirst());
        });
    }

    private static ToolOutcome answered(Yaml yaml) {
        return new ToolOutcome.Answered(yaml.isText() ? yaml.text() : yaml.json().text());
    }

    private static ToolOutcome failed(Yaml yaml) {
        return new ToolOutcome.Failed(yaml.string(), FixtureToolSet.FAILED_TEXT);
    }

    private static ToolOutcome guarded(Yaml yaml) {
        return new ToolOutcome.Refused(Refusal.GUARD, yaml.string());
    }

    static boolean fixturesCover(Yaml.Mapping keys) {
        return keys.find("withoutFixture")
                .map(word -> word.choice(Map.of("fails", true, "allowed", false)))
                .orElse(true);
    }

    static Expectations expectations(Yaml.Mapping keys) {
        var answer = keys.find("answer");
        var parts = answer.map(yaml -> yaml.mapping(CaseReader::answer)).orElseGet(Answer::none);
        return new Expectations(
                keys.find("endedWith")
                        .map(yaml -> Set.copyOf(yaml.oneOrMore(CaseReader::end)))
                        .orElse(Set.of("answered")),
                keys.items("called", CaseReader::called),
                keys.items("neverCalled", CaseReader::patternOrName),
                keys.items("neverAsked", Yaml::string),
                keys.find("calledInOrder").map(yaml -> yaml.oneOrMore(Yaml::string)),
                keys.items("refused", CaseReader::refused),
                keys.items("failed", Yaml::string),
                keys.items("results", CaseReader::result),
                parts.texts(),
                parts.json(),
                parts.questions(),
                count(keys, "callsAtMost"),
                count(keys, "stepsAtMost"),
                keys.find("tokensAtMost")
                        .map(yaml -> OptionalLong.of(yaml.whole(0, Long.MAX_VALUE)))
                        .orElseGet(OptionalLong::empty));
    }

    private static OptionalInt count(Yaml.Mapping keys, String name) {
        return keys.find(name)
                .map(yaml -> OptionalInt.of((int) yaml.whole(0, MAX_CALLS)))
                .orElseGet(OptionalInt::empty);
    }

    private static String end(Yaml yaml) {
        if (!ENDS.contains(yaml.string())) {
            throw yaml.refuse(Code.INVALID_VALUE, "one of " + ENDS.stream().sorted().toList());
        }
        return yaml.string();
    }

    private static CallPattern pattern(Yaml.Mapping keys) {
        return new CallPattern(
                keys.take("tool").string(),
                keys.find("arguments")
                        .map(yaml -> yaml.map(Yaml::json))
                        .orElse(Map.<String, Json>of()),
                keys.find("matching").map(yaml -> yaml.map(Yaml::pattern)).orElse(Map.of()));
    }

    private static CallPattern patternOrName(Yaml yaml) {
        return yaml.isMapping()
                ? yaml.mapping(CaseReader::pattern)
                : CallPattern.any(yaml.string());
    }

    private static Called called(Yaml yaml) {
        return yaml.isMapping()
                ? yaml.mapping(keys -> new Called(pattern(keys), count(keys, "times")))
                : new Called(CallPattern.any(yaml.string()), OptionalInt.empty());
    }

    private static Refused refused(Yaml yaml) {
        return yaml.isMapping()
                ? yaml.mapping(keys ->
                        new Refused(
                                keys.take("tool").text(),
                                keys.find("reason").map(word -> word.choice(REFUSALS))))
                : new Refused(yaml.text(), Optional.empty());
    }

    private static Result result(Yaml yaml) {
        return yaml.mapping(keys -> {
            var tool = keys.find("tool").map(Yaml::string);
            var checks = textChecks(keys);
            if (checks.size() != 1) {
                throw yaml.refuse(Code.INVALID_VALUE, "one of contains, lacks, equals, matches");
            }
            return new Result(tool, checks.getFirst());
        });
    }

    private static List<TextCheck> textChecks(Yaml.Mapping keys) {
        var checks = new ArrayList<TextCheck>();
        keys.items("contains", Yaml::string).forEach(it -> checks.add(new TextCheck.Contains(it)));
        keys.items("lacks", Yaml::string).forEach(it -> checks.add(new TextCheck.Lacks(it)));
        keys.find("equals").ifPresent(it -> checks.add(new TextCheck.Equals(it.text())));
        keys.items("matches", Yaml::pattern).forEach(it -> checks.add(new TextCheck.Matches(it)));
        return checks;
    }

    private record Answer(List<TextCheck> texts, List<JsonCheck> json, List<String> questions) {
        static Answer none() {
            return new Answer(List.of(), List.of(), List.of());
        }
    }

    private static Answer answer(Yaml.Mapping keys) {
        return new Answer(
                textChecks(keys),
                keys.items("json", CaseReader::jsonCheck),
                keys.items("judge", Yaml::string));
    }

    private static JsonCheck jsonCheck(Yaml yaml) {
        return yaml.mapping(keys -> {
            var path = keys.take("path");
            return new JsonCheck(
                    JsonPath.of(path.string())
                            .orElseThrow(() ->
                                    path.refuse(
                                            Code.INVALID_VALUE,
                                            "a path like $.prices[0].value, $['a b'] or $[*]")),
                    keys.find("equals").map(Yaml::json));
        });
    }
}
