package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.util.List;

/// Turns texts of an exchange into what the policy reads.
final class Passages {

    private Passages() {}

    /// Adds a text, and once more with its escapes undone if it is JSON inside a string: a model
    /// reads a word as easily with a letter written as its code.
    static void add(List<Passage> passages, Source source, String place, String text) {
        if (text.isEmpty()) {
            return;
        }
        passages.add(new Passage(source, place, text));
        if (text.indexOf('\\') < 0 || !(text.startsWith("{") || text.startsWith("["))) {
            return;
        }
        try {
            var plain = new StringBuilder();
            strings(WireJson.read(text), plain);
            passages.add(new Passage(source, place, plain.toString()));
        } catch (WireJson.MalformedException e) {
            // Not JSON after all: the policy has the text as it stands.
            return;
        }
    }

    private static void strings(Json json, StringBuilder out) {
        switch (json) {
            case Json.Str(var text) -> out.append(text).append('\n');
            case Json.Arr(var items) -> items.forEach(item -> strings(item, out));
            case Json.Obj(var members) ->
                    members.forEach((name, value) -> {
                        out.append(name).append('\n');
                        strings(value, out);
                    });
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }
}
