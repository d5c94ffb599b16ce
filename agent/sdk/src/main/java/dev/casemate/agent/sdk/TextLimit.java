package dev.casemate.agent.sdk;

/// Cuts text to a length without tearing a character apart, and finds torn ones.
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

    /// Whether each surrogate has its other half: only such text has an encoding in UTF-8.
    static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
