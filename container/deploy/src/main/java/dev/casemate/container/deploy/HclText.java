package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/// JSON as an expression of Terraform's language, in which no text begins a template.
final class HclText {

    // A member's name that no object of a platform has.
    private static final String REFERENCE = "@reference";

    private HclText() {}

    /// A reference to a resource of the same file, in place of a text.
    static Json reference(String path) {
        Form.HCL_PATH.require(path, "a reference");
        return Json.object().put(REFERENCE, path).build();
    }

    /// @param indent of the line that the expression begins on
    static String of(Json json, String indent) {
        var out = new StringBuilder();
        write(json, "\n" + indent, out);
        return out.toString();
    }

    static String quoted(String text) {
        var out = new StringBuilder("\"");
        text.codePoints()
                .forEach(point -> {
                    switch (point) {
                        case '"' -> out.append("\\\"");
                        case '\\' -> out.append("\\\\");
                        case '\n' -> out.append("\\n");
                        case '\r' -> out.append("\\r");
                        case '\t' -> out.append("\\t");
                        default -> {
                            if ((point >= ' ' && point <= '~') || isVisible(point)) {
                                out.appendCodePoint(point);
                            } else if (Character.isSupplementaryCodePoint(point)) {
                                out.append("\\U%08x".formatted(point));
                            } else {
                                out.append("\\u%04x".formatted(point));
                            }
                        }
                    }
                });
        var quoted = out.append('"').toString();
        // Not doubled: readers of the language disagree about a text that has two already.
        return quoted.contains("${") || quoted.contains("%{")
                ? quoted.replace("$", "\\u0024").replace("%", "\\u0025")
                : quoted;
    }

    private static boolean isVisible(int point) {
        return Character.isLetterOrDigit(point)
                || Character.getType(point) == Character.OTHER_SYMBOL
                || Character.getType(point) == Character.MATH_SYMBOL
                || Character.getType(point) == Character.CURRENCY_SYMBOL;
    }

    private static void write(Json json, String newLine, StringBuilder out) {
        switch (json) {
            case Json.Obj object when object.text(REFERENCE).isPresent() ->
                    out.append(object.text(REFERENCE).orElseThrow());
            case Json.Obj object when !object.members().isEmpty() -> {
                members(object, newLine, out);
            }
            case Json.Arr array when !array.items().isEmpty() -> {
                out.append('[');
                for (var item : array.items()) {
                    out.append(newLine).append("  ");
                    write(item, newLine + "  ", out);
                    out.append(',');
                }
                out.append(newLine).append(']');
            }
            case Json.Str(var text) -> out.append(quoted(text));
            case Json.Obj _, Json.Arr _, Json.Num _, Json.Bool _, Json.Null _ ->
                    out.append(json.text());
        }
    }

    /// Neighbours of one line each have their signs below each other, as Terraform formats them.
    private static void members(Json.Obj object, String newLine, StringBuilder out) {
        out.append('{');
        var run = new LinkedHashMap<String, String>();
        for (var member : object.members().entrySet()) {
            var value = new StringBuilder();
            write(member.getValue(), newLine + "  ", value);
            if (value.indexOf("\n") < 0) {
                run.put(quoted(member.getKey()), value.toString());
            } else {
                aligned(run, newLine, out);
                run.put(quoted(member.getKey()), value.toString());
                aligned(run, newLine, out);
            }
        }
        aligned(run, newLine, out);
        out.append(newLine).append('}');
    }

    private static void aligned(Map<String, String> run, String newLine, StringBuilder out) {
        int width = run.keySet().stream().mapToInt(String::length).max().orElse(0);
        run.forEach((name, value) ->
                out.append(newLine)
                        .append("  ")
                        .append(name)
                        .repeat(' ', width - name.length())
                        .append(" = ")
                        .append(value));
        run.clear();
    }
}
