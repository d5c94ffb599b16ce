package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// One object of a request, read strictly: [#end] refuses what nobody took, so that nothing passes
/// that the policy did not read. A `null` member counts as absent, as it does for the providers.
final class WireObject {

    /// Ids and words that mean nothing to a model, and in which no text can hide.
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:|/-]{0,127}");

    private final Json.Obj object;
    private final String place;
    private final Set<String> taken = new HashSet<>();

    private WireObject(Json.Obj object, String place) {
        this.object = object;
        this.place = place;
    }

    static WireObject of(Json json, String place) {
        if (json instanceof Json.Obj object) {
            return new WireObject(object, place);
        }
        throw invalid(place, "an object");
    }

    static boolean isWord(String text) {
        return WORD.matcher(text).matches();
    }

    static GatewayException invalid(String place, String expected) {
        return new GatewayException(
                ErrorCode.INVALID_REQUEST,
                "at " + (place.isEmpty() ? "/" : place) + ": expected " + expected);
    }

    String place(String name) {
        return place + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    GatewayException refuse(String name, String expected) {
        return invalid(place(name), expected);
    }

    Optional<Json> find(String name) {
        taken.add(name);
        return object.get(name).filter(value -> !(value instanceof Json.Null));
    }

    Json take(String name) {
        return find(name).orElseThrow(() -> refuse(name, "this member to be there"));
    }

    Optional<String> findString(String name) {
        return find(name)
                .map(value -> {
                    if (value instanceof Json.Str(var text)) {
                        return text;
                    }
                    throw refuse(name, "a string");
                });
    }

    Optional<String> findWord(String name) {
        return findString(name)
                .map(text -> {
                    if (isWord(text)) {
                        return text;
                    }
                    throw refuse(name, "1 to 128 letters, digits and _.:|/-");
                });
    }

    String word(String name) {
        return findWord(name).orElseThrow(() -> refuse(name, "this member to be there"));
    }

    Optional<Boolean> findFlag(String name) {
        return find(name)
                .map(value -> {
                    if (value instanceof Json.Bool(var flag)) {
                        return flag;
                    }
                    throw refuse(name, "true or false");
                });
    }

    Optional<BigDecimal> findNumber(String name) {
        return find(name)
                .map(value -> {
                    if (value instanceof Json.Num(var number)) {
                        return number;
                    }
                    throw refuse(name, "a number");
                });
    }

    OptionalLong findCount(String name) {
        var number = findNumber(name);
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        var value = number.get();
        if (value.scale() > 0
                || value.signum() <= 0
                || value.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw refuse(name, "a whole number above 0");
        }
        return OptionalLong.of(value.longValueExact());
    }

    Optional<List<Json>> findList(String name, int most) {
        return find(name)
                .map(value -> {
                    if (value instanceof Json.Arr(var items) && items.size() <= most) {
                        return items;
                    }
                    throw refuse(name, "an array of at most " + most);
                });
    }

    /// The objects of a list, each at its place; none if the list is not there.
    List<WireObject> objects(String name, int most) {
        var items = findList(name, most).orElse(List.of());
        var objects = new ArrayList<WireObject>(items.size());
        for (int i = 0; i < items.size(); i++) {
            objects.add(of(items.get(i), place(name) + "/" + i));
        }
        return objects;
    }

    /// The same of a list that has at least one.
    List<WireObject> takeObjects(String name, int most) {
        var objects = objects(name, most);
        if (objects.isEmpty()) {
            throw refuse(name, "at least one");
        }
        return objects;
    }

    Json.Obj json() {
        return object;
    }

    void end() {
        for (var name : object.members().keySet()) {
            if (!taken.contains(name)) {
                // A hostile name is payload, too.
                var shown = isWord(name) ? place(name) : place + "/?";
                throw invalid(shown, "no such member: the policy cannot read it");
            }
        }
    }
}
