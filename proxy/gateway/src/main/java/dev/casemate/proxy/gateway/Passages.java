package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /// Adds texts once more as one: what is cut into parts is one text to the model.
    static void addWhole(List<Passage> passages, Source source, String place, List<String> texts) {
        if (texts.size() > 1) {
            add(passages, source, place, String.join("", texts));
        }
    }

    private record Said(Source source, String text) {}

    /// Adds turns of one role that follow each other once more as one text: some providers make one
    /// message of them.
    static void addNeighbours(List<Passage> passages, List<Turn> turns) {
        var run = new ArrayList<Said>();
        for (var turn : turns) {
            var said = said(turn);
            if (!run.isEmpty() && said.map(Said::source).orElse(null) != run.getFirst().source()) {
                addRun(passages, run);
                run.clear();
            }
            said.ifPresent(run::add);
        }
        addRun(passages, run);
    }

    private static void addRun(List<Passage> passages, List<Said> run) {
        if (run.size() > 1) {
            var whose = run.getFirst().source();
            addWhole(passages, whose, "/messages", run.stream().map(Said::text).toList());
        }
    }

    private static Optional<Said> said(Turn turn) {
        return switch (turn) {
            case Turn.Instructions(var texts) -> said(Source.SYSTEM, texts);
            case Turn.User(var texts) -> said(Source.USER, texts);
            case Turn.Assistant(var texts, _) -> said(Source.ASSISTANT, texts);
            // Each result stays a block of its own, wherever it goes.
            case Turn.ToolResult _ -> Optional.empty();
        };
    }

    private static Optional<Said> said(Source source, List<String> texts) {
        return Optional.of(new Said(source, String.join("", texts)));
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
