package dev.casemate.agent.testkit;

/// Text of a model or a tool, made fit to be shown: it may be long, and it may hold what would move
/// a terminal's cursor or hide in an editor.
final class Shown {

    private Shown() {}

    /// One line: control and format characters as dots, and no more than so many characters.
    static String line(String text, int maxChars) {
        var shown = new StringBuilder();
        for (int i = 0; i < text.length() && shown.length() < maxChars; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            shown.appendCodePoint(isPlain(point) ? point : point == '\n' ? ' ' : '\u00b7');
        }
        return shown.length() < maxChars ? shown.toString() : cut(shown, text, maxChars);
    }

    /// Several lines, with their breaks.
    static String block(String text, int maxChars) {
        var shown = new StringBuilder();
        for (int i = 0; i < text.length() && shown.length() < maxChars; ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            shown.appendCodePoint(isPlain(point) || point == '\n' ? point : '\u00b7');
        }
        return shown.length() < maxChars ? shown.toString() : cut(shown, text, maxChars);
    }

    private static String cut(StringBuilder shown, String text, int maxChars) {
        return text.length() <= maxChars
                ? shown.toString()
                : shown + "... (" + text.length() + " characters)";
    }

    private static boolean isPlain(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
