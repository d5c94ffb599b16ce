package dev.casemate.proxy.policy;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.policy.PolicyException.Code;
import dev.casemate.proxy.policy.Rule.Match;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The first tier: fixed rules over every text that a model reads or says.
///
/// Immutable and thread-safe. Time is linear in the text, memory does not depend on it; nothing is
/// thrown for any text.
public final class Policy {

    // What the engine makes of the rules; to be raised when the same rules begin to match
    // otherwise.
    private static final long ENGINE_REVISION = 1;
    private static final String DEFAULTS = "rules.json";
    private static final Set<String> KNOWN = Set.of("actions", "scope", "rules", "words", "allow");
    private static final Set<String> SCOPE_KNOWN = Set.of("id", "terms", "action");

    private final List<Rule> rules;
    private final String version;
    private final Map<Source, SourceRules> bySource = new EnumMap<>(Source.class);

    private Policy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        version =
                Digest.of(
                                Json.object()
                                        .put("engine", ENGINE_REVISION)
                                        .put(
                                                "rules",
                                                Json.array(
                                                        rules.stream().map(Rule::toJson).toList()))
                                        .build())
                        .value();
        var words = PhraseIndex.words(this.rules);
        var compact = PhraseIndex.compact(this.rules);
        for (var source : Source.values()) {
            bySource.put(source, new SourceRules(source, this.rules, words, compact));
        }
    }

    /// The rules that ship with Casemate.
    public static Policy defaults() {
        return new Policy(shipped(List.of()));
    }

    /// An organisation's own document, on top of the defaults:
    ///
    /// ```json
    /// {"actions": {"pii": "warn", "pii.email": "block"},
    ///  "scope":   [{"id": "mergers", "terms": ["project falcon"], "action": "block"}],
    ///  "rules":   [{"id": "...", "category": "...", "action": "...", "reason": "...", "literals": [..]}],
    ///  "allow":   ["intranet.example", ".docs.example"]}
    /// ```
    ///
    /// Every member is optional. `actions` names a category or a rule, a rule wins; `allow` names
    /// the hosts that a URL may point to.
    ///
    /// @throws PolicyException naming the place
    public static Policy read(Json.Obj document) {
        for (var name : document.members().keySet()) {
            if (!KNOWN.contains(name)) {
                throw RuleReader.unknown("/" + name);
            }
        }
        var allowed =
                document.get("allow")
                        .map(json -> RuleReader.hosts(json, "/allow"))
                        .orElse(List.of());
        var rules = new ArrayList<>(shipped(allowed));
        var reader = new RuleReader(allowed);
        document.get("words").ifPresent(json -> reader.words(json, "/words"));
        document.get("scope").ifPresent(json -> rules.addAll(scope(json)));
        document.get("rules").ifPresent(json -> rules.addAll(reader.rules(json, "/rules")));
        requireDistinct(rules);
        return new Policy(document.get("actions").map(json -> changed(rules, json)).orElse(rules));
    }

    private static List<Rule> shipped(List<String> allowed) {
        try (var in = Objects.requireNonNull(Policy.class.getResourceAsStream(DEFAULTS))) {
            var document = RuleReader.object(JsonReader.read(in.readAllBytes()), "");
            var reader = new RuleReader(allowed);
            reader.words(RuleReader.required(document, "words", ""), "/words");
            return reader.rules(RuleReader.required(document, "rules", ""), "/rules");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Rule> scope(Json json) {
        var rules = new ArrayList<Rule>();
        for (var item : RuleReader.array(json, "/scope", RuleReader.MAX_RULES)) {
            var place = "/scope/" + rules.size();
            var object = RuleReader.object(item, place);
            for (var name : object.members().keySet()) {
                if (!SCOPE_KNOWN.contains(name)) {
                    throw RuleReader.unknown(place + "/" + name);
                }
            }
            // Not where the agent's own maker speaks: a prompt names what it forbids.
            var spoken =
                    List.of(
                            Source.USER,
                            Source.ASSISTANT,
                            Source.TOOL_RESULT,
                            Source.TOOL_ARGUMENTS);
            var action =
                    RuleReader.action(
                            RuleReader.required(object, "action", place), place + "/action");
            var actions = new EnumMap<Source, Action>(Source.class);
            spoken.forEach(source -> actions.put(source, action));
            var terms =
                    new RuleReader(List.of())
                            .phrases(RuleReader.required(object, "terms", place), place + "/terms");
            rules.add(
                    new Rule(
                            "scope." + RuleReader.id(object, place),
                            Category.SCOPE,
                            actions,
                            "A subject that the organisation keeps its agents away from.",
                            new Match.Phrases(List.of(terms), List.of())));
        }
        return rules;
    }

    private static void requireDistinct(List<Rule> rules) {
        if (rules.size() > RuleReader.MAX_RULES) {
            throw new PolicyException(
                    Code.TOO_LARGE, "", "expected at most " + RuleReader.MAX_RULES + " rules");
        }
        var ids = new HashSet<String>();
        for (var rule : rules) {
            if (!ids.add(rule.id())) {
                throw new PolicyException(
                        Code.DUPLICATE_RULE,
                        "",
                        "expected each rule id once, also the shipped ones");
            }
        }
    }

    private static List<Rule> changed(List<Rule> rules, Json json) {
        var changed = new ArrayList<>(rules);
        var byName = RuleReader.object(json, "/actions").members();
        for (boolean single : List.of(false, true)) {
            byName.forEach((name, value) -> {
                var place = "/actions/" + name;
                var action = RuleReader.action(value, place);
                boolean isRule = rules.stream().anyMatch(rule -> rule.id().equals(name));
                boolean isCategory =
                        rules.stream().anyMatch(rule -> rule.category().word().equals(name));
                if (!isRule && !isCategory) {
                    throw new PolicyException(
                            Code.UNKNOWN_RULE, place, "expected a category or a rule's id");
                }
                if (isRule == single) {
                    changed.replaceAll(rule ->
                            rule.id().equals(name) || rule.category().word().equals(name)
                                    ? rule.with(action)
                                    : rule);
                }
            });
        }
        return changed;
    }

    /// The digest of the effective rules, the organisation's included.
    public String version() {
        return version;
    }

    List<Rule> rules() {
        return rules;
    }

    /// Everything that the model will read.
    public Verdict prompt(List<Passage> passages) {
        return judge(passages);
    }

    /// Everything that the model said.
    public Verdict answer(List<Passage> passages) {
        return judge(passages);
    }

    private Verdict judge(List<Passage> passages) {
        var findings = new ArrayList<Finding>();
        var scanners = new EnumMap<Source, Scanner>(Source.class);
        for (var passage : passages) {
            var rulesOfSource = rules(passage.source());
            var scanner =
                    scanners.computeIfAbsent(passage.source(), _ -> new Scanner(rulesOfSource));
            for (var hit : scanner.scan(passage.text())) {
                findings.add(finding(rulesOfSource, hit, passage.place()));
            }
        }
        return new Verdict(findings);
    }

    private SourceRules rules(Source source) {
        return Objects.requireNonNull(bySource.get(source));
    }

    static Finding finding(SourceRules rules, Scanner.Hit hit, String place) {
        var rule = rules.rules.get(hit.rule());
        return new Finding(
                rule.id(),
                rule.category(),
                rules.action(hit.rule()),
                rules.source,
                place,
                hit.evidence());
    }

    /// A guard for one streamed answer; not thread-safe.
    public StreamGuard answerStream() {
        return new StreamGuard(rules(Source.ASSISTANT));
    }
}
