package dev.casemate.container.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One of the module's data files: a rule per line, each with its reason.
///
/// Runs in the JVM that links, too, and so knows the JDK alone.
record RuleFile(String name, List<Rule> rules) {

    /// @param fields what the rule says, at least one
    /// @param reason why, for people
    record Rule(List<String> fields, String reason) {
        Rule {
            fields = List.copyOf(fields);
        }
    }

    RuleFile {
        rules = List.copyOf(rules);
    }

    static RuleFile resource(String name) {
        return parse(name, new String(bytes(name), StandardCharsets.UTF_8));
    }

    /// The file as it is, for digests.
    static byte[] bytes(String name) {
        try (var in = RuleFile.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing from this module's jar: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IllegalStateException naming the line that has no rule or no reason
    static RuleFile parse(String name, String text) {
        var rules = new ArrayList<Rule>();
        var lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int mark = line.indexOf(" #");
            if (mark < 0 || line.substring(mark + 2).isBlank()) {
                throw new IllegalStateException(
                        name + " line " + (i + 1) + ": expected a rule, ' # ' and its reason");
            }
            rules.add(
                    new Rule(
                            List.of(line.substring(0, mark).strip().split("\\s+")),
                            line.substring(mark + 2).strip()));
        }
        return new RuleFile(name, rules);
    }
}
