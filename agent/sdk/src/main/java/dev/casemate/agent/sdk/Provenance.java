package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.ToolOutcome.Refusal;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Remembers what each tool of a run returned, and holds [Trusted] arguments against what every
/// other tool returned.
///
/// It sees text that was taken over, by content, as [ComparedText]:
///
/// - a run of [#RUN_CHARS] letters and digits, with at least one letter;
/// - a whole text of the argument, of [#WHOLE_LETTERS] letters or more, anywhere in a result;
/// - an address or a whole short value of a result ([ToldNames]), anywhere in the argument.
///
/// Text that the task, the prompt or a tool's description holds is trusted, wherever else it
/// stands. The texts of one argument are read as one, so that it does not help to spread a text
/// over the items of a list.
///
/// It does not see what is said in other words, translated, encoded, spelled with look-alikes of
/// another script or spread over several arguments or calls; nor shorter pieces than those above;
/// nor numbers and dates. It tells a model that means well, and an auditor, that a text went the
/// wrong way. It is no boundary against one that means ill.
final class Provenance {

    /// A run of this many letters and digits is not met by chance; three to four words.
    static final int RUN_CHARS = 20;

    /// Shorter texts are symbols, units and everyday words.
    static final int WHOLE_LETTERS = 8;

    /// Shorter texts are looked for in no way.
    static final int MIN_CHARS = 6;

    /// What is remembered of one run. Once it is full, a trusted argument takes only what the task
    /// says.
    static final int MAX_REMEMBERED_CHARS = 4 << 20;

    // A short text costs more memory than its characters.
    private static final int NAME_OVERHEAD_CHARS = 64;

    /// One result as [ComparedText].
    ///
    /// @param text of JSON, its strings; otherwise the whole
    /// @param members of JSON, the names of members: mostly the tool's own words, of which only a
    ///   long run says anything
    private record Result(String tool, String text, String members) {}

    private final boolean needed;
    private final int maxChars;
    private final String trusted;
    private final Set<Result> results = new LinkedHashSet<>();
    private final Map<String, Set<String>> names = new HashMap<>();
    private long remembered;

    Provenance(AgentManifest manifest, String task) {
        this(manifest, task, MAX_REMEMBERED_CHARS);
    }

    /// @param maxChars what is remembered at most
    Provenance(AgentManifest manifest, String task, int maxChars) {
        this.maxChars = maxChars;
        needed =
                manifest.tools().stream()
                        .anyMatch(tool -> !tool.handling().trustedArguments().isEmpty());
        trusted = needed ? trustedTexts(manifest, task) : "";
    }

    private static String trustedTexts(AgentManifest manifest, String task) {
        var texts = new ArrayList<>(List.of(task, manifest.prompt().systemMessage()));
        for (var tool : manifest.tools()) {
            texts.add(tool.name());
            texts.add(tool.description());
            texts.add(tool.inputSchema().text());
        }
        // A line break, which no compared text holds, so that nothing runs from one into the next.
        return texts.stream().map(ComparedText::of).collect(Collectors.joining("\n"));
    }

    /// @param result what a call of the tool returned
    void remember(ToolSpec tool, String result) {
        if (!needed || isFull()) {
            return;
        }
        var texts = new ArrayList<String>();
        var members = new ArrayList<String>();
        try {
            collect(JsonReader.read(result), texts, members);
        } catch (ManifestException e) {
            texts.add(result);
        }
        var of =
                new Result(
                        tool.name(),
                        ComparedText.of(String.join("", texts)),
                        ComparedText.of(String.join("", members)));
        var told = ToldNames.in(texts);
        if (results.contains(of) && names.getOrDefault(tool.name(), Set.of()).containsAll(told)) {
            return;
        }
        remembered += of.text.length() + of.members.length();
        told.forEach(name -> remembered += name.length() + NAME_OVERHEAD_CHARS);
        if (!isFull()) {
            results.add(of);
            names.computeIfAbsent(tool.name(), _ -> new HashSet<>()).addAll(told);
        }
    }

    private boolean isFull() {
        return remembered > maxChars;
    }

    /// The texts as they read, without the escapes that JSON writes them with.
    private static void collect(Json json, List<String> texts, List<String> members) {
        switch (json) {
            case Json.Str(var text) -> texts.add(text);
            case Json.Arr(var items) -> items.forEach(item -> collect(item, texts, members));
            case Json.Obj(var of) ->
                    of.forEach((name, value) -> {
                        members.add(name);
                        collect(value, texts, members);
                    });
            case Json.Num _, Json.Bool _, Json.Null _ -> {}
        }
    }

    /// @param arguments that hold the tool's schema
    /// @return empty if no trusted argument holds text of another tool's result
    Optional<ToolOutcome.Refused> refusal(ToolSpec tool, Json arguments) {
        if (!(arguments instanceof Json.Obj object)) {
            return Optional.empty();
        }
        for (var name : tool.handling().trustedArguments()) {
            var texts = new ArrayList<String>();
            // Their members' names are the schema's.
            object.get(name).ifPresent(value -> collect(value, texts, new ArrayList<>()));
            var compared = texts.stream().map(ComparedText::of).toList();
            if (isFull() && !isOfTheTask(compared)) {
                return refused(
                        name,
                        "takes only what the task says from here on: more was read in this run than"
                                + " it could be held against");
            }
            if (isTakenOver(tool, compared)) {
                return refused(name, "must not hold text that came from another tool's result");
            }
        }
        return Optional.empty();
    }

    private static Optional<ToolOutcome.Refused> refused(String argument, String why) {
        return Optional.of(
                new ToolOutcome.Refused(
                        Refusal.UNTRUSTED_TEXT,
                        "The tool was not run: its argument "
                                + argument
                                + " "
                                + why
                                + ". Give what the task itself says, or answer without this call and"
                                + " say what is missing."));
    }

    private boolean isOfTheTask(List<String> texts) {
        return texts.stream().allMatch(it -> it.length() < MIN_CHARS || trusted.contains(it));
    }

    private boolean isTakenOver(ToolSpec tool, List<String> texts) {
        var whole = String.join("", texts);
        var runs = foreign(runsOf(whole));
        var wholes = foreign(wholesOf(texts));
        for (var result : results) {
            if (!result.tool.equals(tool.name())
                    && (runs.occurIn(result.text)
                            || runs.occurIn(result.members)
                            || wholes.occurIn(result.text))) {
                return true;
            }
        }
        var told = new HashSet<String>();
        names.forEach((origin, of) -> {
            if (!origin.equals(tool.name())) {
                told.addAll(of);
            }
        });
        return new Fragments(told)
                .foundIn(whole).stream().anyMatch(name -> !trusted.contains(name));
    }

    /// Those that do not stand in the task either.
    private Fragments foreign(Set<String> pieces) {
        pieces.removeAll(new Fragments(pieces).foundIn(trusted));
        return new Fragments(pieces);
    }

    private static Set<String> runsOf(String text) {
        var runs = new HashSet<String>();
        for (int end = RUN_CHARS; end <= text.length(); end++) {
            var run = text.substring(end - RUN_CHARS, end);
            if (letters(run) > 0) {
                runs.add(run);
            }
        }
        return runs;
    }

    private static Set<String> wholesOf(List<String> texts) {
        return texts.stream()
                .filter(text -> text.length() < RUN_CHARS && letters(text) >= WHOLE_LETTERS)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static long letters(String text) {
        return text.codePoints().filter(Character::isLetter).count();
    }
}
