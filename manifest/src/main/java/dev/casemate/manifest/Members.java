package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Reads one JSON object strictly: each member is taken by name, and what is left is refused.
///
/// Every refusal is a [ManifestException] that names the place as a JSON Pointer.
public final class Members {

    private final Json.Obj object;
    private final String place;
    private final Set<String> taken = new HashSet<>();

    private Members(Json.Obj object, String place) {
        this.object = object;
        this.place = place;
    }

    /// Reads a whole object: `read` takes what it knows, and anything else is refused.
    public static <T> T read(Json json, String place, Function<Members, T> read) {
        if (!(json instanceof Json.Obj object)) {
            throw new ManifestException(Code.INVALID_VALUE, place, "expected an object");
        }
        var members = new Members(object, place);
        var value = read.apply(members);
        members.end();
        return value;
    }

    /// The JSON Pointer of a member of this object.
    public String place(String name) {
        return place + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /// A refusal of one member, for the caller to throw.
    public ManifestException refuse(Code code, String name, String expected) {
        return new ManifestException(code, place(name), expected);
    }

    /// The member, whatever it is; refused if it is missing.
    public Json take(String name) {
        taken.add(name);
        return object.get(name)
                .orElseThrow(() -> refuse(Code.MISSING_MEMBER, name, "this member is required"));
    }

    /// A string that is not blank.
    public String string(String name) {
        if (!(take(name) instanceof Json.Str(var value)) || value.isBlank()) {
            throw refuse(Code.INVALID_VALUE, name, "expected a string that is not blank");
        }
        return value;
    }

    /// Whether the member is there; asking does not take it.
    public boolean has(String name) {
        return object.get(name).isPresent();
    }

    public Optional<String> optionalString(String name) {
        return has(name) ? Optional.of(string(name)) : Optional.empty();
    }

    /// A whole number from 1 to `max`.
    public long positive(String name, long max) {
        if (take(name) instanceof Json.Num(var value)
                && value.scale() <= 0
                && value.signum() > 0
                && value.compareTo(java.math.BigDecimal.valueOf(max)) <= 0) {
            return value.longValueExact();
        }
        throw refuse(Code.INVALID_VALUE, name, "expected a whole number from 1 to " + max);
    }

    /// One constant of an enum, by its spelling in documents.
    public <E extends Enum<E>> E choice(String name, Class<E> type, Function<E, String> spelling) {
        var word = string(name);
        for (var constant : type.getEnumConstants()) {
            if (spelling.apply(constant).equals(word)) {
                return constant;
            }
        }
        throw refuse(Code.INVALID_VALUE, name, "expected one of " + words(type, spelling));
    }

    /// Several constants of an enum, each once.
    public <E extends Enum<E>> Set<E> choices(
            String name, Class<E> type, Function<E, String> spelling) {
        var chosen = EnumSet.noneOf(type);
        list(
                name,
                (json, itemPlace) -> {
                    for (var constant : type.getEnumConstants()) {
                        if (json.equals(Json.of(spelling.apply(constant)))) {
                            if (!chosen.add(constant)) {
                                throw new ManifestException(
                                        Code.BROKEN_REFERENCE,
                                        itemPlace,
                                        "expected each name once");
                            }
                            return constant;
                        }
                    }
                    throw new ManifestException(
                            Code.INVALID_VALUE,
                            itemPlace,
                            "expected one of " + words(type, spelling));
                });
        return chosen;
    }

    private static <E extends Enum<E>> List<String> words(
            Class<E> type, Function<E, String> spelling) {
        return Arrays.stream(type.getEnumConstants()).map(spelling).toList();
    }

    public Json.Obj object(String name) {
        if (take(name) instanceof Json.Obj value) {
            return value;
        }
        throw refuse(Code.INVALID_VALUE, name, "expected an object");
    }

    public <T> T object(String name, Function<Members, T> read) {
        return read(take(name), place(name), read);
    }

    public List<String> strings(String name) {
        return list(
                name,
                (json, itemPlace) -> {
                    if (json instanceof Json.Str(var value) && !value.isBlank()) {
                        return value;
                    }
                    throw new ManifestException(
                            Code.INVALID_VALUE, itemPlace, "expected a string that is not blank");
                });
    }

    /// An array, each item read with its own place.
    public <T> List<T> list(String name, BiFunction<Json, String, T> read) {
        if (!(take(name) instanceof Json.Arr(var items))) {
            throw refuse(Code.INVALID_VALUE, name, "expected an array");
        }
        var values = new ArrayList<T>();
        for (int i = 0; i < items.size(); i++) {
            values.add(read.apply(items.get(i), place(name) + "/" + i));
        }
        return List.copyOf(values);
    }

    /// An object as a map, each value read with its own place; in document order.
    public <T> Map<String, T> map(String name, BiFunction<Json, String, T> read) {
        var values = new LinkedHashMap<String, T>();
        var map = object(name);
        map.members()
                .forEach((key, json) -> values.put(key, read.apply(json, place(name) + "/" + key)));
        return values;
    }

    private void end() {
        for (var name : object.members().keySet()) {
            if (!taken.contains(name)) {
                throw refuse(Code.UNKNOWN_MEMBER, name, "this member is not known here");
            }
        }
    }
}
