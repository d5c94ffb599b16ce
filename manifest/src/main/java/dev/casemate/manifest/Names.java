package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.regex.Pattern;

/// The forms of the names that appear in addresses, file names and wire formats.
final class Names {

    static final String LABEL_FORM =
            "expected 1 to 63 lower-case letters, digits and hyphens, beginning with a letter";
    static final String TOOL_FORM =
            "expected 1 to 64 letters, digits, underscores and hyphens, beginning with a letter";

    private static final Pattern LABEL = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    // What every provider accepts as a function name.
    private static final Pattern TOOL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private Names() {}

    static boolean isLabel(String name) {
        return LABEL.matcher(name).matches();
    }

    static void requireLabel(String name, String place) {
        if (!isLabel(name)) {
            throw new ManifestException(Code.INVALID_VALUE, place, LABEL_FORM);
        }
    }

    static boolean isTool(String name) {
        return TOOL.matcher(name).matches();
    }
}
