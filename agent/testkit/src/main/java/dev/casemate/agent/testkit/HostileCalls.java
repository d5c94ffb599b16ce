package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.ScriptedModel.Call;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ToolSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// Calls that must not run, against the tools of one manifest: first all that can be counted, in a
/// seeded order, then mutations of them.
final class HostileCalls {

    private static final int ATTEMPTS = 50;
    private static final int MAX_EDITS = 4;

    /// What a mutation puts in: what JSON is made of, and what it must not be made of.
    private static final List<String> PIECES =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    "\"",
                    ":",
                    ",",
                    "\\",
                    "/",
                    "'",
                    "`",
                    "0",
                    "9",
                    "-",
                    ".",
                    "e",
                    "E",
                    "+",
                    "null",
                    "true",
                    "false",
                    "\\u0000",
                    "\\ud800",
                    "\\n",
                    "\u0000",
                    "\u0001",
                    "\t",
                    "\n",
                    " ",
                    "\u00e9",
                    "\ud83d\ude08",
                    "\ud800",
                    "\ufeff",
                    "\u202e",
                    "NaN",
                    "1e400",
                    "a",
                    "X",
                    "_",
                    "/*",
                    "*/",
                    "//",
                    "\"a\":1,",
                    "{}",
                    "[]",
                    "<",
                    ">",
                    "&",
                    "%",
                    "$",
                    ";");

    private final Random random;
    private final List<ToolSpec> tools;
    private final Map<String, ArgumentsSchema> schemas = new HashMap<>();
    private final List<Call> counted = new ArrayList<>();
    private final Deque<Call> left;
    private final List<Call> malicious = new ArrayList<>();

    HostileCalls(List<ToolSpec> tools, Random random) {
        this.random = random;
        this.tools = List.copyOf(tools);
        tools.forEach(tool -> schemas.put(tool.name(), new ArgumentsSchema(tool)));
        foreignNames().forEach(name -> counted.add(new Call(name, plausible())));
        for (var tool : tools) {
            for (var text : SchemaAttacks.on(tool.inputSchema(), random)) {
                if (isRefused(tool.name(), text)) {
                    counted.add(new Call(tool.name(), text));
                }
            }
            for (var text : SchemaAttacks.malicious(tool.inputSchema(), random)) {
                if (!isRefused(tool.name(), text)) {
                    malicious.add(new Call(tool.name(), text));
                }
            }
        }
        var shuffled = new ArrayList<>(counted);
        Collections.shuffle(shuffled, random);
        left = new ArrayDeque<>(shuffled);
    }

    int counted() {
        return counted.size();
    }

    Call next() {
        var call = left.poll();
        return call == null ? mutated() : call;
    }

    /// A call that holds its schema; one that does not, if no tool takes a text.
    Call malicious() {
        return malicious.isEmpty() ? next() : pick(malicious);
    }

    /// Whether the arguments are no JSON that the loop reads, or do not hold the schema.
    private boolean isRefused(String tool, String arguments) {
        var schema = schemas.get(tool);
        if (schema == null) {
            return true;
        }
        try {
            return !schema.accepts(JsonReader.read(arguments));
        } catch (ManifestException e) {
            return true;
        }
    }

    private Call mutated() {
        for (int i = 0; i < ATTEMPTS; i++) {
            var call = pick(counted);
            var name = random.nextInt(4) == 0 ? edited(call.tool()) : call.tool();
            var arguments = random.nextInt(8) == 0 ? plausible() : call.arguments();
            var mutated = new Call(name, edited(arguments));
            if (isRefused(mutated.tool(), mutated.arguments())) {
                return mutated;
            }
        }
        return pick(counted);
    }

    private String edited(String text) {
        var edited = new StringBuilder(text.length() > 4096 ? text.substring(0, 4096) : text);
        int edits = 1 + random.nextInt(MAX_EDITS);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(edited.length() + 1);
            int end = Math.min(edited.length(), at + 1 + random.nextInt(8));
            switch (random.nextInt(6)) {
                case 0 -> edited.delete(at, end);
                case 1 -> edited.insert(at, edited.substring(at, end));
                case 2 -> edited.setLength(at);
                case 3 -> edited.insert(at, piece(pick(counted).arguments()));
                default -> edited.insert(at, pick(PIECES));
            }
        }
        return edited.toString();
    }

    private String piece(String text) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(at, Math.min(text.length(), at + random.nextInt(32)));
    }

    /// Arguments that hold the schema of some tool, for a name that must not run anyway.
    private String plausible() {
        return new SchemaValues(random, false).of(new SchemaNode(pick(tools).inputSchema())).text();
    }

    private List<String> foreignNames() {
        var names = new LinkedHashSet<>(HostileTexts.TEMPTING_TOOLS);
        for (var tool : tools) {
            names.addAll(disguised(tool.name()));
        }
        tools.forEach(tool -> names.remove(tool.name()));
        return List.copyOf(names);
    }

    /// Almost the name of a tool.
    private static List<String> disguised(String name) {
        return List.of(
                name + " ",
                " " + name,
                name + "\0",
                name + "\n",
                name + "\u200b",
                "\ufeff" + name,
                name.toUpperCase(Locale.ROOT),
                name.replace('a', '\u0430').replace('e', '\u0435').replace('o', '\u043e'),
                name.replace('_', '-') + "2",
                name.replace("_", ""),
                name.replace('_', ' '),
                "functions." + name,
                "tools/" + name,
                name + "()",
                name + "," + name,
                "\"" + name + "\"",
                name.substring(0, name.length() - 1),
                name.substring(1),
                name + name);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
