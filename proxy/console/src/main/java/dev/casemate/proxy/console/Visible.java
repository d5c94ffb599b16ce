package dev.casemate.proxy.console;

/// Makes text that others wrote safe to show: an agent, a model or a caller may have chosen it.
final class Visible {

    private Visible() {}

    /// One line for a terminal: controls (with them escape sequences) and invisible or reordering
    /// characters are shown as their code point, and what is too long is cut.
    static String line(String text, int maxChars) {
        var out = new StringBuilder();
        int at = 0;
        while (at < text.length() && out.length() < maxChars) {
            int point = text.codePointAt(at);
            if (isHidden(point)) {
                out.append("\\u{%x}".formatted(point));
            } else {
                out.appendCodePoint(point);
            }
            at += Character.charCount(point);
        }
        return at < text.length() ? out.append(" ...").toString() : out.toString();
    }

    private static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    /// The same, as HTML text or as the value of a quoted attribute.
    static String html(String text, int maxChars) {
        return line(text, maxChars)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
