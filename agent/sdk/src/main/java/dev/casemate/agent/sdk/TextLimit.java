package dev.casemate.agent.sdk;

/// Cuts text to a length without tearing a character apart.
final class TextLimit {

    private TextLimit() {}

    /// @return the text itself, or its beginning of at most `maxChars` UTF-16 units
    static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        boolean tears =
                maxChars > 0
                        && Character.isHighSurrogate(text.charAt(maxChars - 1))
                        && Character.isLowSurrogate(text.charAt(maxChars));
        return text.substring(0, tears ? maxChars - 1 : maxChars);
    }
}
