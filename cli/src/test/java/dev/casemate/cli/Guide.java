package dev.casemate.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A page with commands and files in fenced blocks, in order.
///
/// What a block is for stands after its language: `file=PATH` is a file, `add-to=PATH` goes before
/// the last brace of one, `import-to=PATH` after its package, `excerpt=PATH` must be in it,
/// `expect` must have been printed. Paths are relative to where the commands before have led.
record Guide(List<Block> blocks) {

    private static final Pattern FENCE =
            Pattern.compile("^```([^\\n]+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /// @param language for example `sh`
    /// @param attributes with empty values where there is no `=`
    record Block(String language, Map<String, String> attributes, String text) {

        Optional<String> attribute(String name) {
            return Optional.ofNullable(attributes.get(name));
        }

        boolean runs() {
            return language.equals("sh");
        }
    }

    static Guide of(String page) {
        var blocks = new ArrayList<Block>();
        for (var fence : FENCE.matcher(page).results().toList()) {
            var words = List.of(fence.group(1).strip().split(" +"));
            blocks.add(
                    new Block(
                            words.getFirst(),
                            words.stream()
                                    .skip(1)
                                    .map(word -> (word + "=").split("=", 2))
                                    .collect(
                                            Collectors.toMap(
                                                    word -> word[0],
                                                    word -> word[1].replaceFirst("=$", ""))),
                            fence.group(2)));
        }
        return new Guide(List.copyOf(blocks));
    }
}
