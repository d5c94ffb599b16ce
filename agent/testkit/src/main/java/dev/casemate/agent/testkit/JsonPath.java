package dev.casemate.agent.testkit;

import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A place in a JSON value: members, items and "every item", and nothing else of JSONPath.
///
/// Forms: `$` is the value; `.name` and `['any name']` a member; `[0]` an item, `[-1]` the last
/// one; `[*]` every item of a list and every member of an object. No filters, no slices, no
/// recursion: an expectation should say where it looks.
///
/// Source: RFC 9535, of which every path here means the same.
final class JsonPath {

    private static final Pattern STEP =
            Pattern.compile(
                    "\\.(?<name>[A-Za-z_][A-Za-z0-9_]*)"
                            + "|\\['(?<quoted>[^'\\\\]*)']"
                            + "|\\[(?<index>0|-?[1-9][0-9]{0,5})]"
                            + "|(?<every>\\[\\*])");

    private sealed interface Step {
        record Member(String name) implements Step {}

        record Item(int index) implements Step {}

        record Every() implements Step {}
    }

    private final String text;
    private final List<Step> steps;

    private JsonPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /// Empty if it is not a path of the form above.
    static Optional<JsonPath> of(String text) {
        if (!text.startsWith("$")) {
            return Optional.empty();
        }
        var steps = new ArrayList<Step>();
        var matcher = STEP.matcher(text);
        int at = 1;
        while (at < text.length()) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                return Optional.empty();
            }
            if (matcher.group("name") != null) {
                steps.add(new Step.Member(matcher.group("name")));
            } else if (matcher.group("quoted") != null) {
                steps.add(new Step.Member(matcher.group("quoted")));
            } else if (matcher.group("index") != null) {
                steps.add(new Step.Item(Integer.parseInt(matcher.group("index"))));
            } else {
                steps.add(new Step.Every());
            }
            at = matcher.end();
        }
        return Optional.of(new JsonPath(text, steps));
    }

    /// What is there; empty if nothing is.
    List<Json> in(Json json) {
        List<Json> found = List.of(json);
        for (var step : steps) {
            found = found.stream().flatMap(value -> taken(step, value).stream()).toList();
        }
        return found;
    }

    private static List<Json> taken(Step step, Json value) {
        return switch (step) {
            case Step.Member(var name) ->
                    value instanceof Json.Obj object
                            ? object.get(name).map(List::of).orElse(List.of())
                            : List.of();
            case Step.Item(var index) -> {
                if (!(value instanceof Json.Arr(var items))) {
                    yield List.of();
                }
                int at = index < 0 ? items.size() + index : index;
                yield at >= 0 && at < items.size() ? List.of(items.get(at)) : List.of();
            }
            case Step.Every() ->
                    switch (value) {
                        case Json.Arr(var items) -> items;
                        case Json.Obj object -> List.copyOf(object.members().values());
                        case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> List.of();
                    };
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
