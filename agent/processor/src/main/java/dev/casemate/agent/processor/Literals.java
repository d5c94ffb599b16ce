package dev.casemate.agent.processor;

import java.util.List;
import java.util.stream.Collectors;

/// Java literals of values.
final class Literals {

    private Literals() {}

    /// In ASCII, so that no compiler setting changes what it says.
    static String of(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c >= ' ' && c < 0x7f) {
                        out.append(c);
                    } else {
                        out.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    static String of(long number) {
        return number == (int) number ? Long.toString(number) : number + "L";
    }

    static String list(List<String> texts) {
        return texts.stream().map(Literals::of).collect(Collectors.joining(", ", "List.of(", ")"));
    }
}
