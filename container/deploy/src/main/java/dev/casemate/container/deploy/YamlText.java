package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// JSON as YAML in block style, in a subset that YAML 1.1 and 1.2 read alike: every text is quoted,
/// or a literal block of plain ASCII lines, so that no text is ever taken for something else.
final class YamlText {

    private static final Pattern PLAIN_KEY =
            Pattern.compile("[A-Za-z][A-Za-z0-9]*([./-][A-Za-z0-9]+)*");
    // YAML 1.1, which Kubernetes reads, takes these for truth values and for nothing.
    private static final Set<String> WORDS =
            Set.copyOf(
                    new TreeSet<>(
                            List.of("y", "n", "yes", "no", "on", "off", "true", "false", "null")));
    private static final Pattern LITERAL =
            Pattern.compile("[!-~][ -~]*\\n(([!-~]|  *[!-~])[ -~]*\\n|\\n)*");

    private YamlText() {}

    static String of(Json json) {
        var out = new StringBuilder();
        write(json, "", out);
        return out.append('\n').toString();
    }

    /// Writes a value that goes on at the end of a line; `indent` is that of its own lines.
    private static void write(Json json, String indent, StringBuilder out) {
        switch (json) {
            case Json.Obj object when !object.members().isEmpty() -> {
                var separator = "";
                for (var member : object.members().entrySet()) {
                    out.append(separator).append(key(member.getKey())).append(':');
                    member(member.getValue(), indent, out);
                    separator = "\n" + indent;
                }
            }
            case Json.Arr array when !array.items().isEmpty() -> {
                var separator = "";
                for (var item : array.items()) {
                    out.append(separator).append("- ");
                    write(item, indent + "  ", out);
                    separator = "\n" + indent;
                }
            }
            case Json.Str(var text) when isLiteral(text) -> literal(text, indent, out);
            case Json.Str(var text) -> out.append(quoted(text));
            case Json.Obj _, Json.Arr _, Json.Num _, Json.Bool _, Json.Null _ ->
                    out.append(json.text());
        }
    }

    private static void member(Json value, String indent, StringBuilder out) {
        var below =
                switch (value) {
                    case Json.Obj object -> !object.members().isEmpty();
                    case Json.Arr array -> !array.items().isEmpty();
                    case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> false;
                };
        out.append(below ? "\n" + indent + "  " : " ");
        write(value, indent + "  ", out);
    }

    private static boolean isLiteral(String text) {
        return text.indexOf('\n') >= 0 && !text.endsWith("\n\n") && LITERAL.matcher(text).matches();
    }

    private static void literal(String text, String indent, StringBuilder out) {
        out.append('|');
        text.lines()
                .forEach(line -> {
                    out.append('\n');
                    if (!line.isEmpty()) {
                        out.append(indent).append(line);
                    }
                });
    }

    private static String key(String name) {
        return PLAIN_KEY.matcher(name).matches()
                        && !WORDS.contains(name.toLowerCase(java.util.Locale.ROOT))
                ? name
                : quoted(name);
    }

    private static String quoted(String text) {
        var out = new StringBuilder("\"");
        text.codePoints()
                .forEach(point -> {
                    switch (point) {
                        case '"' -> out.append("\\\"");
                        case '\\' -> out.append("\\\\");
                        case '\n' -> out.append("\\n");
                        case '\t' -> out.append("\\t");
                        default -> {
                            if (point >= ' ' && point <= '~') {
                                out.appendCodePoint(point);
                            } else if (Character.isSupplementaryCodePoint(point)) {
                                out.append("\\U%08X".formatted(point));
                            } else {
                                out.append("\\u%04X".formatted(point));
                            }
                        }
                    }
                });
        return out.append('"').toString();
    }
}
