package dev.casemate.container.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The options that Java starts with, as the `@` file in the image.
///
/// @param lines one option each
record JavaOptions(List<String> lines) {

    private static final String COMMON = "java-common.args";
    private static final String SEALED = "java-sealed.args";

    JavaOptions {
        lines = List.copyOf(lines);
    }

    static JavaOptions of(boolean sealed) {
        var lines = new ArrayList<>(resource(COMMON));
        if (sealed) {
            lines.addAll(resource(SEALED));
        }
        return new JavaOptions(lines);
    }

    private static List<String> resource(String name) {
        return new String(RuleFile.bytes(name), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /// The file as it lies in the image.
    byte[] bytes() {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
