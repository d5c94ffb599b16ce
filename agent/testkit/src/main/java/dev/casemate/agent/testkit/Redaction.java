package dev.casemate.agent.testkit;

import dev.casemate.manifest.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is taken out of a recording before it is written: named patterns, and given secrets.
///
/// A pattern finds what has its form and nothing else. Whoever records says which secrets were in
/// play, with [#withSecret]; what neither names is written as it is.
public final class Redaction {

    /// A shorter secret would be found in ordinary words.
    public static final int MIN_SECRET_CHARS = 6;

    private final Map<String, Pattern> patterns;

    private Redaction(Map<String, Pattern> patterns) {
        this.patterns = patterns;
    }

    /// Keys, tokens and mail addresses by their usual forms.
    public static Redaction standard() {
        var patterns = new LinkedHashMap<String, Pattern>();
        patterns.put(
                "private-key",
                Pattern.compile(
                        "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----"));
        patterns.put(
                "jwt",
                Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}"));
        patterns.put("bearer", Pattern.compile("(?i)\\bbearer +[A-Za-z0-9._~+/=-]{8,}"));
        patterns.put(
                "api-key",
                Pattern.compile("\\b(?:sk|pk|rk|ghp|gho|ghs|xox[abp])[-_][A-Za-z0-9_-]{12,}"));
        patterns.put("aws-key", Pattern.compile("\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"));
        patterns.put(
                "email",
                Pattern.compile(
                        "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}"));
        return new Redaction(patterns);
    }

    /// The same, and what matches this.
    ///
    /// @param name stands in its place, and in the recording's list
    public Redaction with(String name, Pattern pattern) {
        if (!name.matches("[a-z0-9-]{1,32}") || patterns.containsKey(name)) {
            throw new IllegalArgumentException(
                    "expected a new name of lower-case letters, digits and hyphens");
        }
        var more = new LinkedHashMap<>(patterns);
        more.put(name, pattern);
        return new Redaction(more);
    }

    /// The same, and this text wherever it stands.
    public Redaction withSecret(String name, String secret) {
        if (secret.length() < MIN_SECRET_CHARS) {
            throw new IllegalArgumentException(
                    "expected a secret of at least " + MIN_SECRET_CHARS + " characters");
        }
        return with(name, Pattern.compile(Pattern.quote(secret)));
    }

    /// What is taken out, by name.
    List<String> names() {
        return patterns.keySet().stream().sorted().toList();
    }

    /// The same text twice redacted is redacted once: what stands in a place matches no pattern of
    /// the standard ones.
    String of(String text) {
        var redacted = text;
        for (var pattern : patterns.entrySet()) {
            redacted =
                    pattern.getValue()
                            .matcher(redacted)
                            .replaceAll(
                                    Matcher.quoteReplacement(
                                            "[redacted " + pattern.getKey() + "]"));
        }
        return redacted;
    }

    /// Every text in a value, names of members included.
    Json of(Json json) {
        return switch (json) {
            case Json.Obj object -> {
                var members = new LinkedHashMap<String, Json>();
                object.members().forEach((name, value) -> members.put(of(name), of(value)));
                yield new Json.Obj(members);
            }
            case Json.Arr(var items) -> Json.array(items.stream().map(this::of).toList());
            case Json.Str(var value) -> Json.of(of(value));
            case Json.Num _, Json.Bool _, Json.Null _ -> json;
        };
    }

    @Override
    public String toString() {
        // Not the patterns: some are secrets.
        return "Redaction" + names();
    }
}
