package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.gateway.ConfigException.Code;
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
/// Anchors, aliases, merge keys and tags are refused: a configuration says what it shows.
public final class Yaml {

    /// A configuration is written by people.
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
    /// @throws ConfigException naming the file
    public static Yaml read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ConfigException(
                        Code.MALFORMED_YAML,
                        file.toString(),
                        "expected at most " + MAX_BYTES + " bytes");
            }
            return read(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new ConfigException(
                    Code.UNREADABLE_FILE, file.toString(), "expected a readable UTF-8 file", e);
        }
    }

    /// @param file its name, for errors
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
                                    new ConfigException(
                                            Code.MALFORMED_YAML,
                                            file,
                                            "expected a document and found nothing"));
            var yaml = new Yaml(file, "", root);
            yaml.checkPlain(root, 0);
            return yaml;
        } catch (MarkedYamlEngineException e) {
            var line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(
                    Code.MALFORMED_YAML, file + line, "expected one YAML 1.2 document", e);
        } catch (YamlEngineException e) {
            throw new ConfigException(
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
    public ConfigException refuse(Code code, String expected) {
        return new ConfigException(code, where(), "expected " + expected);
    }

    /// Reads a mapping whole: what `read` does not take is refused.
    public <T> T mapping(Function<Mapping, T> read) {
        var mapping = new Mapping(members());
        var value = read.apply(mapping);
        mapping.end();
        return value;
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
    public <T> List<T> list(Function<Yaml, T> read) {
        if (!(node instanceof SequenceNode sequence)) {
            throw refuse(Code.INVALID_VALUE, "a list");
        }
        var values = new ArrayList<T>();
        for (var item : sequence.getValue()) {
            values.add(read.apply(new Yaml(file, key + "[" + values.size() + "]", item)));
        }
        return List.copyOf(values);
    }

    /// A text that is not blank.
    public String string() {
        if (node instanceof ScalarNode scalar
                && scalar.getTag().equals(Tag.STR)
                && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw refuse(Code.INVALID_VALUE, "a text that is not blank, in quotes if it is a number");
    }

    /// A whole number in a range.
    public long whole(long min, long max) {
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

    /// The same value as JSON, for documents whose reader takes JSON.
    Json json() {
        return switch (node) {
            case MappingNode _ -> {
                var object = Json.object();
                members().forEach((name, value) -> object.put(name, value.json()));
                yield object.build();
            }
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
    public final class Mapping {
        private final Map<String, Yaml> members;
        private final Set<String> taken = new HashSet<>();

        private Mapping(Map<String, Yaml> members) {
            this.members = members;
        }

        /// A key that must be there.
        public Yaml take(String name) {
            return find(name)
                    .orElseThrow(() -> refuse(Code.MISSING_KEY, "the key \"" + name + "\" here"));
        }

        /// A key that may be there.
        public Optional<Yaml> find(String name) {
            taken.add(name);
            return Optional.ofNullable(members.get(name));
        }

        long whole(String name, long fallback, long min, long max) {
            return find(name).map(value -> value.whole(min, max)).orElse(fallback);
        }

        /// The keys, in document order; naming them does not take them.
        public List<String> names() {
            return List.copyOf(members.keySet());
        }

        /// Leaves the other keys to another reader of the same file.
        public void ignoreOthers() {
            taken.addAll(members.keySet());
        }

        private void end() {
            members.forEach((name, value) -> {
                if (!taken.contains(name)) {
                    throw value.refuse(Code.UNKNOWN_KEY, "one of " + sorted());
                }
            });
        }

        private List<String> sorted() {
            return taken.stream().sorted().toList();
        }
    }
}
