package dev.casemate.proxy.policy;

import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// One thing to look for, where, and what to do about it.
///
/// @param actions by source; a source that is absent is not looked at
/// @param reason why the rule is there, for whoever is blocked by it
record Rule(String id, Category category, Map<Source, Action> actions, String reason, Match match) {

    Rule {
        Objects.requireNonNull(id);
        Objects.requireNonNull(category);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(match);
        actions = Map.copyOf(actions);
    }

    /// What a rule looks for.
    sealed interface Match {

        /// Words or phrases, one from each step in this order, wherever each begins at most `gap`
        /// characters after the one before it ends. Found in disguise, too.
        ///
        /// @param steps each a choice of folded phrases; a `*` at the end stands for any ending
        /// @param gaps one fewer than steps
        record Phrases(List<List<String>> steps, List<Integer> gaps) implements Match {
            public Phrases {
                steps = steps.stream().map(List::copyOf).toList();
                gaps = List.copyOf(gaps);
                if (steps.isEmpty() || gaps.size() != steps.size() - 1) {
                    throw new IllegalArgumentException("a gap between each two steps expected");
                }
            }
        }

        /// Characters as they stand, in either case, and then a pattern that begins with them.
        ///
        /// @param reach the longest text that the pattern may look at, in characters
        record Anchored(List<String> anchors, Pattern pattern, int reach) implements Match {
            public Anchored {
                anchors = List.copyOf(anchors);
                Objects.requireNonNull(pattern);
            }
        }

        /// A form that the engine knows.
        record Known(Form form) implements Match {}
    }

    /// What is recognised by code.
    enum Form {
        CARD,
        SSN,
        IBAN,
        EMAIL,
        /// A long run of base64 or hexadecimal digits that is no text.
        BLOB,
        /// A long run of characters that nobody can see.
        INVISIBLE
    }

    /// This rule with one action wherever it looks.
    Rule with(Action action) {
        var changed = new EnumMap<Source, Action>(Source.class);
        actions.keySet().forEach(source -> changed.put(source, action));
        return new Rule(id, category, changed, reason, match);
    }

    /// Everything that has an effect, for the policy's version.
    Json.Obj toJson() {
        var byAction = Json.object();
        for (var source : Source.values()) {
            var action = actions.get(source);
            if (action != null) {
                byAction.put(source.word(), action.word());
            }
        }
        var json =
                Json.object()
                        .put("id", id)
                        .put("category", category.word())
                        .put("actions", byAction.build())
                        .put("reason", reason);
        switch (match) {
            case Match.Phrases(var steps, var gaps) -> {
                var all = new ArrayList<Json>();
                for (int i = 0; i < steps.size(); i++) {
                    if (i > 0) {
                        all.add(Json.of(gaps.get(i - 1)));
                    }
                    all.add(Json.strings(steps.get(i)));
                }
                json.put("phrases", Json.array(all));
            }
            case Match.Anchored(var anchors, var pattern, var reach) ->
                    json.put("anchors", Json.strings(anchors))
                            .put("pattern", pattern.pattern())
                            .put("reach", reach);
            case Match.Known(var form) -> json.put("form", form.name());
        }
        return json.build();
    }
}
