package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/// A value that passed its [ArgumentsShape], read by generated code as the Java type that the shape
/// was made from. Reading it as another type is an error of the compiler and throws
/// [IllegalStateException].
public final class ArgumentsValue {

    private final Json json;
    private final ArgumentsPlace place;

    ArgumentsValue(Json json, ArgumentsPlace place) {
        this.json = json;
        this.place = place;
    }

    /// A member that is required.
    public ArgumentsValue get(String name) {
        return find(name).orElseThrow(ArgumentsValue::unchecked);
    }

    /// A member that may be absent or null.
    public Optional<ArgumentsValue> find(String name) {
        if (!(json instanceof Json.Obj object)) {
            throw unchecked();
        }
        return object.get(name)
                .filter(value -> !(value instanceof Json.Null))
                .map(value -> new ArgumentsValue(value, place.member(name)));
    }

    public String text() {
        if (json instanceof Json.Str(var text)) {
            return text;
        }
        throw unchecked();
    }

    public boolean toBoolean() {
        if (json instanceof Json.Bool(var flag)) {
            return flag;
        }
        throw unchecked();
    }

    public short toShort() {
        return toBigDecimal().shortValueExact();
    }

    public int toInt() {
        return toBigDecimal().intValueExact();
    }

    public long toLong() {
        return toBigDecimal().longValueExact();
    }

    public BigInteger toBigInteger() {
        return toBigDecimal().toBigIntegerExact();
    }

    /// The nearest double.
    public double toDouble() {
        return toBigDecimal().doubleValue();
    }

    /// Exact, without trailing zeros.
    public BigDecimal toBigDecimal() {
        if (json instanceof Json.Num(var number)) {
            return number;
        }
        throw unchecked();
    }

    public LocalDate toLocalDate() {
        return ArgumentsFormat.date(text());
    }

    public LocalTime toLocalTime() {
        return ArgumentsFormat.time(text());
    }

    public OffsetDateTime toOffsetDateTime() {
        return ArgumentsFormat.dateTime(text());
    }

    public Instant toInstant() {
        return toOffsetDateTime().toInstant();
    }

    public Duration toDuration() {
        return ArgumentsFormat.duration(text());
    }

    public UUID toUuid() {
        return UUID.fromString(text());
    }

    /// Which of its kinds this object is.
    public String kind() {
        return get(ArgumentsShape.KIND).text();
    }

    /// @param constants all constants of the enum that the shape was made from
    public <E extends Enum<E>> E oneOf(E[] constants) {
        var word = text();
        for (var constant : constants) {
            if (constant.name().equals(word)) {
                return constant;
            }
        }
        throw unchecked();
    }

    /// @return unmodifiable
    public <T> List<T> list(Function<ArgumentsValue, T> read) {
        if (!(json instanceof Json.Arr(var items))) {
            throw unchecked();
        }
        var values = new ArrayList<T>(items.size());
        for (int i = 0; i < items.size(); i++) {
            values.add(read.apply(new ArgumentsValue(items.get(i), place.item(i))));
        }
        return List.copyOf(values);
    }

    /// Builds the record that stands for this object. What its constructor refuses is refused here,
    /// without the exception's message: that may hold what the model must not read.
    public <T> T record(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Refusal(place + " holds members that do not fit together");
        }
    }

    /// What generated code throws where the check has not been held.
    public static IllegalStateException unchecked() {
        return new IllegalStateException("read before it was checked, or as another type");
    }

    /// A record's own constructor refused its members.
    static final class Refusal extends RuntimeException {
        private final String violation;

        private Refusal(String violation) {
            super(violation);
            this.violation = violation;
        }

        String violation() {
            return violation;
        }
    }
}
