package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;

/// JSON as people read it: a member or an item per line, indented by two blanks.
final class IndentedJson {

    private IndentedJson() {}

    static String of(Json json) {
        var out = new StringBuilder();
        write(json, "\n", out);
        return out.append('\n').toString();
    }

    private static void write(Json json, String newLine, StringBuilder out) {
        switch (json) {
            case Json.Obj object when !object.members().isEmpty() -> {
                var separator = "{";
                for (var member : object.members().entrySet()) {
                    out.append(separator).append(newLine).append("  ");
                    out.append(Json.of(member.getKey()).text()).append(": ");
                    write(member.getValue(), newLine + "  ", out);
                    separator = ",";
                }
                out.append(newLine).append('}');
            }
            case Json.Arr array when !array.items().isEmpty() -> {
                var separator = "[";
                for (var item : array.items()) {
                    out.append(separator).append(newLine).append("  ");
                    write(item, newLine + "  ", out);
                    separator = ",";
                }
                out.append(newLine).append(']');
            }
            default -> out.append(json.text());
        }
    }
}
