package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One value of a strictly read YAML 1.2 document; it knows its file, line and key, for errors.
///
/// Anchors, aliases, merge keys and tags are refused, and so is every key that the reader of a
/// mapping does not take: a misspelled expectation must not pass as none.
final class Yaml {

    /// Suites are written by people.
    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_DEPTH = 32;
    private static final Set<Tag> CORE =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);

    private final String file;
    private final String key;
    private final Node node;

    private Yaml(String file, String key, Node node) {
        this.file = file;
        this.key = key;
        this.node = node;
    }

    /// Reads a whole file of at most [#MAX_BYTES].
    ///
    /// @param name of the file, for errors
    /// @throws TestkitException naming the file, and the line where it is known
    static Yaml read(Path file, String name) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new TestkitException(
                        Code.MALFORMED_YAML, name, "expected at most " + MAX_BYTES + " bytes");
            }
            return read(name, Files.readString(file));
        } catch (IOException e) {
            throw new TestkitException(
                    Code.UNREADABLE_FILE, name, "expected a readable UTF-8 file", e);
        }
    }

    static Yaml read(String file, String text) {
        var settings =
                LoadSettings.builder()
                        .setLabel(file)
                        .setCodePointLimit(MAX_BYTES)
                        .setMaxAliasesForCollections(0)
                        .build();
        try {
            var root =
                    new Compose(settings)
                            .composeString(text)
                            .orElseThrow(() ->
                                    new TestkitException(
                                            Code.MALFORMED_YAML,
                                            file,
                                            "expected a document and found nothing"));
            var yaml = new Yaml(file, "", root);
            yaml.checkPlain(root, 0);
            return yaml;
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new TestkitException(
                    Code.MALFORMED_YAML, file + line, "expected one YAML 1.2 document", e);
        } catch (YamlEngineException | StackOverflowError e) {
            throw new TestkitException(
                    Code.MALFORMED_YAML, file, "expected one YAML 1.2 document", e);
        }
    }

    private void checkPlain(Node at, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Yaml(file, key, at)
                    .refuse(Code.MALFORMED_YAML, "at most " + MAX_DEPTH + " levels");
        } else if (at.getAnchor().isPresent() || !CORE.contains(at.getTag())) {
            throw new Yaml(file, key, at).refuse(Code.MALFORMED_YAML, "no anchors, aliases, tags");
        }
        switch (at) {
            case MappingNode mapping -> {
                for (var tuple : mapping.getValue()) {
                    checkPlain(tuple.getKeyNode(), depth + 1);
                    checkPlain(tuple.getValueNode(), depth + 1);
                }
            }
            case SequenceNode sequence ->
                    sequence.getValue().forEach(item -> checkPlain(item, depth + 1));
            default -> {}
        }
    }

    /// `file:line key`.
    String where() {
        var line = node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
        return file + line + (key.isEmpty() ? "" : " " + key);
    }

    /// A refusal of this value, for the caller to throw; it names file, line and key.
    TestkitException refuse(Code code, String expected) {
        return new TestkitException(code, where(), "expected " + expected);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    boolean isText() {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR);
    }

    /// Reads a mapping whole: what `read` does not take is refused.
    <T> T mapping(Function<Mapping, T> read) {
        var mapping = new Mapping(members());
        var value = read.apply(mapping);
        mapping.end();
        return value;
    }

    /// A mapping from names to values, each read with its own place; in document order.
    <T> Map<String, T> map(Function<Yaml, T> read) {
        var values = new LinkedHashMap<String, T>();
        members().forEach((name, value) -> values.put(name, read.apply(value)));
        return values;
    }

    private Map<String, Yaml> members() {
        if (!(node instanceof MappingNode mapping)) {
            throw refuse(Code.INVALID_VALUE, "a mapping");
        }
        var members = new LinkedHashMap<String, Yaml>();
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw refuse(Code.INVALID_VALUE, "keys that are words");
            }
            var child = key.isEmpty() ? name.getValue() : key + "." + name.getValue();
            if (members.put(name.getValue(), new Yaml(file, child, tuple.getValueNode())) != null) {
                throw new Yaml(file, child, name).refuse(Code.INVALID_VALUE, "each key once");
            }
        }
        return members;
    }

    /// A list, each item with its own place.
    <T> List<T> list(Function<Yaml, T> read) {
        if (!(node instanceof SequenceNode sequence)) {
            throw refuse(Code.INVALID_VALUE, "a list");
        }
        var values = new ArrayList<T>();
        for (var item : sequence.getValue()) {
            values.add(read.apply(new Yaml(file, key + "[" + values.size() + "]", item)));
        }
        return List.copyOf(values);
    }

    /// A list, or one value that stands for a list of itself.
    <T> List<T> oneOrMore(Function<Yaml, T> read) {
        return isList() ? list(read) : List.of(read.apply(this));
    }

    /// A text that is not blank.
    String string() {
        if (isText() && node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw refuse(Code.INVALID_VALUE, "a text that is not blank, in quotes if it is a number");
    }

    /// A text that may be empty.
    String text() {
        if (isText() && node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw refuse(Code.INVALID_VALUE, "a text, in quotes if it is a number");
    }

    /// A regular expression of `java.util.regex`.
    Pattern pattern() {
        try {
            return Pattern.compile(string());
        } catch (PatternSyntaxException e) {
            throw refuse(Code.INVALID_VALUE, "a regular expression: " + e.getDescription());
        }
    }

    /// A whole number in a range.
    long whole(long min, long max) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
            try {
                long value = Long.parseLong(scalar.getValue());
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw refuse(Code.INVALID_VALUE, "a whole number from " + min + " to " + max);
            }
        }
        throw refuse(Code.INVALID_VALUE, "a whole number from " + min + " to " + max);
    }

    /// A share: a number from 0 to 1.
    BigDecimal share() {
        if (json() instanceof Json.Num(var value)
                && value.signum() >= 0
                && value.compareTo(BigDecimal.ONE) <= 0) {
            return value;
        }
        throw refuse(Code.INVALID_VALUE, "a number from 0 to 1");
    }

    /// One of a few words.
    <T> T choice(Map<String, T> words) {
        var chosen = isText() ? words.get(text()) : null;
        if (chosen == null) {
            throw refuse(Code.INVALID_VALUE, "one of " + words.keySet());
        }
        return chosen;
    }

    /// The same value as JSON.
    Json json() {
        return switch (node) {
            case MappingNode _ -> new Json.Obj(map(Yaml::json));
            case SequenceNode _ -> Json.array(list(Yaml::json));
            case ScalarNode scalar -> scalar(scalar);
            default -> throw refuse(Code.INVALID_VALUE, "a mapping, a list or a scalar");
        };
    }

    private Json scalar(ScalarNode scalar) {
        var tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return new Json.Null();
        } else if (tag.equals(Tag.BOOL)) {
            return Json.of(Boolean.parseBoolean(scalar.getValue()));
        } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            try {
                return Json.of(new BigDecimal(scalar.getValue()));
            } catch (NumberFormatException e) {
                throw refuse(Code.INVALID_VALUE, "a decimal number");
            }
        }
        return Json.of(scalar.getValue());
    }

    /// The keys of one mapping, each taken at most once.
    final class Mapping {
        private final Map<String, Yaml> members;
        private final Set<String> taken = new HashSet<>();

        private Mapping(Map<String, Yaml> members) {
            this.members = members;
        }

        /// The whole mapping, for its place.
        Yaml whole() {
            return Yaml.this;
        }

        /// A key that must be there.
        Yaml take(String name) {
            return find(name)
                    .orElseThrow(() -> refuse(Code.MISSING_KEY, "the key \"" + name + "\" here"));
        }

        /// A key that may be there.
        Optional<Yaml> find(String name) {
            taken.add(name);
            return Optional.ofNullable(members.get(name));
        }

        /// The items under a key that may be there; one value stands for a list of itself.
        <T> List<T> items(String name, Function<Yaml, T> read) {
            return find(name).map(value -> value.oneOrMore(read)).orElse(List.of());
        }

        private void end() {
            members.forEach((name, value) -> {
                if (!taken.contains(name)) {
                    throw value.refuse(
                            Code.UNKNOWN_KEY, "one of " + taken.stream().sorted().toList());
                }
            });
        }
    }
}
