package dev.casemate.manifest;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A JSON value (RFC 8259) as immutable data.
///
/// It exists because this module and what ships inside a contained agent carry no JSON library.
/// Objects keep the order of their members; equality does not depend on it.
public sealed interface Json {

    /// @param members in document order; no duplicates by construction
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
            members.forEach((name, value) -> {
                Objects.requireNonNull(name);
                Objects.requireNonNull(value);
            });
        }

        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }

        /// The member as text; empty if it is absent or not a string.
        public Optional<String> text(String name) {
            return get(name).filter(Str.class::isInstance).map(json -> ((Str) json).value());
        }

        /// A copy with one member set; an existing one keeps its place.
        public Obj with(String name, Json value) {
            var copy = new LinkedHashMap<>(members);
            copy.put(name, value);
            return new Obj(copy);
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    record Str(String value) implements Json {
        public Str {
            Objects.requireNonNull(value);
        }
    }

    /// @param value exact, as written; two spellings of one number are equal
    record Num(BigDecimal value) implements Json {
        public Num {
            value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        }
    }

    record Bool(boolean value) implements Json {}

    /// JSON's `null`.
    record Null() implements Json {}

    static Json of(String value) {
        return new Str(value);
    }

    static Json of(long value) {
        return new Num(BigDecimal.valueOf(value));
    }

    static Json of(boolean value) {
        return new Bool(value);
    }

    static Json of(BigDecimal value) {
        return new Num(value);
    }

    static Json strings(Collection<String> values) {
        return new Arr(values.stream().map(Json::of).toList());
    }

    static Json array(Collection<? extends Json> items) {
        return new Arr(new ArrayList<>(items));
    }

    static Builder object() {
        return new Builder();
    }

    /// Compact JSON text in document order; for the canonical form see [CanonicalJson].
    default String text() {
        return JsonText.DOCUMENT.of(this);
    }

    /// Collects the members of an object in order; a name that is set twice is a programming error.
    final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, Json value) {
            if (members.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException("member set twice: " + name);
            }
            return this;
        }

        public Builder put(String name, String value) {
            return put(name, Json.of(value));
        }

        public Builder put(String name, long value) {
            return put(name, Json.of(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, Json.of(value));
        }

        public Obj build() {
            return new Obj(members);
        }
    }
}
