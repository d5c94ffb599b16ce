package dev.casemate.proxy.policy;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.PolicyException.Code;
import dev.casemate.proxy.policy.Rule.Form;
import dev.casemate.proxy.policy.Rule.Match;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads rules from JSON, strictly. The forms are described in `docs/decisions/40-policy-rules.md`.
final class RuleReader {

    static final int MAX_RULES = 1_000;
    static final int MAX_PHRASES = 500;
    static final int MAX_PHRASE_CHARS = 64;
    static final int MAX_STEPS = 6;
    static final int MAX_GAP_CHARS = 120;
    static final int MAX_REACH_CHARS = 512;
    static final int MAX_PATTERN_CHARS = 2_000;
    static final int MAX_HOSTS = 500;

    private static final int DEFAULT_REACH_CHARS = 160;
    private static final String HOST = "{HOST}";
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9.-]{0,63}");
    private static final Pattern HOST_FORM =
            Pattern.compile("\\.?[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){0,8}");
    private static final Set<String> KNOWN =
            Set.of(
                    "id",
                    "category",
                    "action",
                    "sources",
                    "in",
                    "reason",
                    "literals",
                    "phrases",
                    "anchors",
                    "pattern",
                    "reach",
                    "form");

    private final Map<String, List<String>> words = new HashMap<>();
    private final String hosts;

    /// @param allowed hosts that `{HOST}` in a pattern does not stand for
    RuleReader(List<String> allowed) {
        hosts = hostPattern(allowed);
    }

    /// A host that is not one of these; one that begins with a dot stands for all below it.
    private static String hostPattern(List<String> allowed) {
        // Possessive: what follows a host is never a part of it, so nothing is tried twice.
        var host = "[A-Za-z0-9._~-]{1,253}+";
        if (allowed.isEmpty()) {
            return host;
        }
        var choice = new StringBuilder();
        for (var name : allowed) {
            choice.append(choice.isEmpty() ? "" : "|")
                    .append(name.startsWith(".") ? "(?:[A-Za-z0-9-]{1,63}\\.){1,8}" : "")
                    .append(Pattern.quote(name.startsWith(".") ? name.substring(1) : name));
        }
        // What follows an allowed host must not make another host of it: name.evil, name@evil.
        return "(?!(?i:" + choice + ")(?![A-Za-z0-9._~@-])(?!:[^/\\s]{0,64}@))" + host;
    }

    static List<String> hosts(Json json, String place) {
        var hosts = strings(json, place, MAX_HOSTS);
        for (int i = 0; i < hosts.size(); i++) {
            if (!HOST_FORM.matcher(hosts.get(i)).matches()) {
                throw invalid(
                        place + "/" + i, "a host name in lower case, or .name for all below it");
            }
        }
        return hosts;
    }

    /// Named lists of phrases, for `@name` in the rules that follow.
    void words(Json json, String place) {
        for (var entry : object(json, place).members().entrySet()) {
            var at = place + "/" + entry.getKey();
            words.put("@" + entry.getKey(), phrases(entry.getValue(), at));
        }
    }

    List<Rule> rules(Json json, String place) {
        var rules = new ArrayList<Rule>();
        var ids = new HashSet<String>();
        var items = array(json, place, MAX_RULES);
        for (int i = 0; i < items.size(); i++) {
            var rule = rule(object(items.get(i), place + "/" + i), place + "/" + i);
            if (!ids.add(rule.id())) {
                throw new PolicyException(
                        Code.DUPLICATE_RULE, place + "/" + i + "/id", "expected an id of its own");
            }
            rules.add(rule);
        }
        return rules;
    }

    private Rule rule(Json.Obj json, String place) {
        for (var name : json.members().keySet()) {
            if (!KNOWN.contains(name)) {
                throw unknown(place + "/" + name);
            }
        }
        var id = id(json, place);
        var reason = text(required(json, "reason", place), place + "/reason");
        return new Rule(
                id, category(json, place), actions(json, place), reason, match(json, place));
    }

    static String id(Json.Obj json, String place) {
        var id = text(required(json, "id", place), place + "/id");
        if (!ID.matcher(id).matches()) {
            throw invalid(place + "/id", "lower-case letters, digits, dots and hyphens");
        }
        return id;
    }

    private static Category category(Json.Obj json, String place) {
        var word = text(required(json, "category", place), place + "/category");
        for (var category : Category.values()) {
            if (category.word().equals(word)) {
                return category;
            }
        }
        throw invalid(place + "/category", "injection, exfiltration, scope, pii or secret");
    }

    static Action action(Json json, String place) {
        var word = text(json, place);
        for (var action : Action.values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        throw invalid(place, "pass, log, warn or block");
    }

    private static Source source(String word, String place) {
        for (var source : Source.values()) {
            if (source.word().equals(word)) {
                return source;
            }
        }
        throw invalid(
                place, "system, user, assistant, tool_result, tool_arguments or tool_definition");
    }

    private static Map<Source, Action> actions(Json.Obj json, String place) {
        var action = action(required(json, "action", place), place + "/action");
        var actions = new EnumMap<Source, Action>(Source.class);
        var sources = json.get("sources");
        if (sources.isEmpty()) {
            for (var source : Source.values()) {
                actions.put(source, action);
            }
        } else {
            for (var word : strings(sources.get(), place + "/sources", Source.values().length)) {
                actions.put(source(word, place + "/sources"), action);
            }
        }
        json.get("in")
                .ifPresent(in ->
                        object(in, place + "/in")
                                .members()
                                .forEach((word, value) -> {
                                    var at = place + "/in/" + word;
                                    actions.put(source(word, at), action(value, at));
                                }));
        return actions;
    }

    private Match match(Json.Obj json, String place) {
        var kinds =
                List.of("literals", "phrases", "anchors", "form").stream()
                        .filter(kind -> json.get(kind).isPresent())
                        .toList();
        if (kinds.size() != 1) {
            throw invalid(place, "one of literals, phrases, anchors or form");
        }
        if (!kinds.getFirst().equals("anchors")
                && (json.get("pattern").isPresent() || json.get("reach").isPresent())) {
            throw unknown(place + "/pattern");
        }
        var at = place + "/" + kinds.getFirst();
        var value = required(json, kinds.getFirst(), place);
        return switch (kinds.getFirst()) {
            case "literals" -> new Match.Phrases(List.of(phrases(value, at)), List.of());
            case "phrases" -> sequence(value, at);
            case "anchors" -> anchored(json, value, place);
            default -> new Match.Known(form(value, at));
        };
    }

    private static Form form(Json json, String place) {
        var word = text(json, place);
        for (var form : Form.values()) {
            if (form.name().toLowerCase(Locale.ROOT).equals(word)) {
                return form;
            }
        }
        throw invalid(place, "card, ssn, iban, email, blob or invisible");
    }

    /// `[phrases, gap, phrases, ...]`.
    private Match sequence(Json json, String place) {
        var items = array(json, place, 2 * MAX_STEPS);
        var steps = new ArrayList<List<String>>();
        var gaps = new ArrayList<Integer>();
        for (int i = 0; i < items.size(); i++) {
            if (i % 2 == 0) {
                steps.add(phrases(items.get(i), place + "/" + i));
            } else {
                gaps.add(number(items.get(i), place + "/" + i, MAX_GAP_CHARS));
            }
        }
        if (steps.isEmpty() || gaps.size() != steps.size() - 1) {
            throw invalid(place, "lists of phrases with a number between each two");
        }
        return new Match.Phrases(steps, gaps);
    }

    private Match anchored(Json.Obj json, Json anchors, String place) {
        var texts = strings(anchors, place + "/anchors", MAX_PHRASES);
        for (int i = 0; i < texts.size(); i++) {
            boolean printable = texts.get(i).chars().allMatch(c -> c >= ' ' && c < 0x7F);
            if (texts.get(i).length() > MAX_PHRASE_CHARS || !printable) {
                throw invalid(
                        place + "/anchors/" + i,
                        "at most " + MAX_PHRASE_CHARS + " printable ASCII characters");
            }
        }
        var pattern = json.get("pattern").map(p -> text(p, place + "/pattern")).orElse("");
        int reach =
                json.get("reach")
                        .map(r -> number(r, place + "/reach", MAX_REACH_CHARS))
                        .orElse(DEFAULT_REACH_CHARS);
        if (pattern.length() > MAX_PATTERN_CHARS) {
            throw invalid(place + "/pattern", "at most " + MAX_PATTERN_CHARS + " characters");
        }
        if (pattern.isEmpty()) {
            return new Match.Anchored(texts, Pattern.compile(""), MAX_PHRASE_CHARS);
        }
        try {
            return new Match.Anchored(texts, Pattern.compile(pattern.replace(HOST, hosts)), reach);
        } catch (PatternSyntaxException e) {
            throw new PolicyException(
                    Code.INVALID_PATTERN, place + "/pattern", "expected a regular expression");
        }
    }

    /// Folded phrases; `@name` stands for a named list.
    List<String> phrases(Json json, String place) {
        var folded = new LinkedHashSet<String>();
        var items = strings(json, place, MAX_PHRASES);
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            if (item.startsWith("@")) {
                folded.addAll(
                        Optional.ofNullable(words.get(item))
                                .orElseThrow(
                                        () -> invalid(place, "the name of a list under words")));
                continue;
            }
            var phrase = Fold.words(item);
            if (phrase.isEmpty() || phrase.length() > MAX_PHRASE_CHARS) {
                throw invalid(
                        place + "/" + i,
                        "1 to " + MAX_PHRASE_CHARS + " letters, digits and spaces");
            }
            folded.add(item.endsWith("*") ? phrase + "*" : phrase);
        }
        return List.copyOf(folded);
    }

    static Json required(Json.Obj json, String name, String place) {
        return json.get(name)
                .orElseThrow(() ->
                        new PolicyException(
                                Code.MISSING_MEMBER,
                                place + "/" + name,
                                "this member is required"));
    }

    static Json.Obj object(Json json, String place) {
        if (json instanceof Json.Obj object) {
            return object;
        }
        throw invalid(place, "an object");
    }

    static List<Json> array(Json json, String place, int max) {
        if (!(json instanceof Json.Arr(var items))) {
            throw invalid(place, "an array");
        }
        if (items.size() > max) {
            throw new PolicyException(Code.TOO_LARGE, place, "expected at most " + max + " items");
        }
        return items;
    }

    static String text(Json json, String place) {
        if (json instanceof Json.Str(var value) && !value.isBlank()) {
            return value;
        }
        throw invalid(place, "a string that is not blank");
    }

    static List<String> strings(Json json, String place, int max) {
        var values = new ArrayList<String>();
        for (var item : array(json, place, max)) {
            values.add(text(item, place + "/" + values.size()));
        }
        if (values.isEmpty()) {
            throw invalid(place, "at least one item");
        }
        return values;
    }

    private static int number(Json json, String place, int max) {
        if (json instanceof Json.Num(var value)
                && value.scale() <= 0
                && value.signum() >= 0
                && value.compareTo(BigDecimal.valueOf(max)) <= 0) {
            return value.intValueExact();
        }
        throw invalid(place, "a whole number from 0 to " + max);
    }

    static PolicyException unknown(String place) {
        return new PolicyException(Code.UNKNOWN_MEMBER, place, "this member is not known here");
    }

    static PolicyException invalid(String place, String expected) {
        return new PolicyException(Code.INVALID_VALUE, place, "expected " + expected);
    }
}
