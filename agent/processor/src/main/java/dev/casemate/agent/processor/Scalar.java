package dev.casemate.agent.processor;

import java.util.Arrays;
import java.util.Optional;
import javax.lang.model.type.TypeKind;

/// A type that is one value in JSON.
enum Scalar {
    STRING("java.lang.String", "text", "Json.of(%s)"),
    BOOLEAN("java.lang.Boolean", "toBoolean", "Json.of(%s)"),
    /// Written, but not taken.
    BYTE("java.lang.Byte", "", "Json.of(%s)"),
    SHORT("java.lang.Short", "toShort", "Json.of(%s)"),
    INT("java.lang.Integer", "toInt", "Json.of(%s)"),
    LONG("java.lang.Long", "toLong", "Json.of(%s)"),
    BIG_INTEGER("java.math.BigInteger", "toBigInteger", "Json.of(new BigDecimal(%s))"),
    /// Written, but not taken.
    FLOAT("java.lang.Float", "", "Results.number(%s)"),
    DOUBLE("java.lang.Double", "toDouble", "Results.number(%s)"),
    BIG_DECIMAL("java.math.BigDecimal", "toBigDecimal", "Json.of(%s)"),
    LOCAL_DATE("java.time.LocalDate", "toLocalDate", "Results.text(%s)"),
    LOCAL_TIME("java.time.LocalTime", "toLocalTime", "Results.text(%s)"),
    INSTANT("java.time.Instant", "toInstant", "Results.text(%s)"),
    OFFSET_DATE_TIME("java.time.OffsetDateTime", "toOffsetDateTime", "Results.text(%s)"),
    DURATION("java.time.Duration", "toDuration", "Results.text(%s)"),
    UUID("java.util.UUID", "toUuid", "Results.text(%s)");

    private final String type;
    private final String reader;
    private final String form;

    Scalar(String type, String reader, String form) {
        this.type = type;
        this.reader = reader;
        this.form = form;
    }

    /// @param kind of a primitive type
    static Optional<Scalar> of(TypeKind kind) {
        return Arrays.stream(values())
                .filter(scalar -> kind.isPrimitive() && scalar.name().equals(kind.name()))
                .findFirst();
    }

    static Optional<Scalar> of(String qualifiedName) {
        return Arrays.stream(values()).filter(it -> it.type.equals(qualifiedName)).findFirst();
    }

    /// The method of `ArgumentsValue` that reads it.
    String reader() {
        return reader;
    }

    /// Java that makes JSON of the value, `%s`.
    String form() {
        return form;
    }
}
