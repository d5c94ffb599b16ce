package dev.casemate.governance;

import dev.casemate.governance.StageDescription.Line;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a scripted model answers. It has no memory: the conversation in each request is its state,
/// so that one script serves any number of runs at once.
@FunctionalInterface
interface Script {

    /// @param messages the conversation so far, as chat completions carry it
    Line next(List<Json.Obj> messages);

    /// Plays the lines in order, one for each answer given so far; the last one for ever.
    static Script of(List<? extends Line> lines) {
        return messages -> {
            int answers = (int) messages.stream().filter(Script::isAnswer).count();
            return switch (lines.get(Math.min(answers, lines.size() - 1))) {
                case Line.Call call -> call;
                case Line.Say(var text) -> new Line.Say(fill(text, toolResults(messages)));
            };
        };
    }

    private static boolean isAnswer(Json.Obj message) {
        return message.text("role").equals(Optional.of("assistant"));
    }

    private static List<Json> toolResults(List<Json.Obj> messages) {
        var results = new ArrayList<Json>();
        for (var message : messages) {
            if (message.text("role").equals(Optional.of("tool"))) {
                results.add(data(message.text("content").orElse("")));
            }
        }
        return results;
    }

    /// The JSON inside a tool result, whatever marks it as data around it.
    private static Json data(String content) {
        int begin = content.indexOf('{');
        int end = content.lastIndexOf('}');
        try {
            return begin < 0 || end < begin
                    ? Json.of(content)
                    : JsonReader.read(content.substring(begin, end + 1));
        } catch (ManifestException notJson) {
            return Json.of(content);
        }
    }

    private static String fill(String text, List<Json> results) {
        return Pattern.compile("\\{(\\d+)(/[^}]*)}")
                .matcher(text)
                .replaceAll(match -> {
                    int index = Integer.parseInt(match.group(1));
                    var value =
                            index < results.size()
                                    ? at(results.get(index), match.group(2))
                                    : Optional.<Json>empty();
                    return Matcher.quoteReplacement(
                            value.map(Script::plain).orElse("(not available)"));
                });
    }

    private static Optional<Json> at(Json json, String pointer) {
        Optional<Json> value = Optional.of(json);
        for (var step : pointer.substring(1).split("/", -1)) {
            value =
                    value.flatMap(parent ->
                            switch (parent) {
                                case Json.Obj object -> object.get(step);
                                case Json.Arr(var items)
                                        when step.matches("\\d{1,6}")
                                                && Integer.parseInt(step) < items.size() ->
                                        Optional.of(items.get(Integer.parseInt(step)));
                                case Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ ->
                                        Optional.empty();
                            });
        }
        return value;
    }

    private static String plain(Json json) {
        return json instanceof Json.Str(var value) ? value : json.text();
    }
}
