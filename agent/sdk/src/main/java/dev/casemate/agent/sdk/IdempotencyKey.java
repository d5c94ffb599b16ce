package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.regex.Pattern;

/// Names one call by its meaning: the same tool with the same arguments in the same run gives the
/// same key, however often the model asks or the run is handed back and taken up again.
///
/// A tool takes one as a parameter, which the model never sees, and hands it to whatever it writes
/// to; see [AppendOnlyTable].
///
/// @param value 64 hexadecimal digits
public record IdempotencyKey(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public IdempotencyKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("expected 64 hexadecimal digits");
        }
    }

    /// @param arguments compared as JSON, however they were spelled
    public static IdempotencyKey of(Correlation correlation, String tool, Json arguments) {
        var meaning =
                Json.object()
                        .put("run", correlation.run())
                        .put("tool", tool)
                        .put("arguments", spelledOut(arguments))
                        .build();
        return new IdempotencyKey(Digest.of(meaning).value().substring("sha256:".length()));
    }

    /// Numbers as text, told apart from strings by their first character: the canonical form has
    /// words only for numbers that a double holds, and arguments may be any decimal.
    private static Json spelledOut(Json json) {
        return switch (json) {
            case Json.Num(var number) -> Json.of("n" + number);
            case Json.Str(var text) -> Json.of("s" + text);
            case Json.Arr(var items) ->
                    Json.array(items.stream().map(IdempotencyKey::spelledOut).toList());
            case Json.Obj(var members) -> {
                var object = Json.object();
                members.forEach((name, value) -> object.put(name, spelledOut(value)));
                yield object.build();
            }
            case Json.Bool _, Json.Null _ -> json;
        };
    }

    @Override
    public String toString() {
        return value;
    }
}
