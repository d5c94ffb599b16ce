package dev.casemate.agent.analyzer;

/// Text out of class files and file names, made fit for a report.
///
/// A name in a class file may hold almost anything: line breaks, terminal commands, marks that turn
/// the direction of writing, half of a surrogate pair. Printed as they are, such names could forge
/// lines of a report, or hide some; and no JSON reader takes the last kind back.
final class Printable {

    private Printable() {}

    /// The text with each such character written as `\` and `u` and its four hexadecimal digits.
    /// Text without any is returned as it is, so that this may be applied again.
    static String text(String raw) {
        if (isPrintable(raw)) {
            return raw;
        }
        var out = new StringBuilder();
        raw.codePoints()
                .forEach(point -> {
                    if (isPrintable(point)) {
                        out.appendCodePoint(point);
                    } else {
                        for (char unit : Character.toChars(point)) {
                            out.append("\\u%04x".formatted((int) unit));
                        }
                    }
                });
        return out.toString();
    }

    static boolean isPrintable(String text) {
        return text.codePoints().allMatch(Printable::isPrintable);
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
        };
    }
}
