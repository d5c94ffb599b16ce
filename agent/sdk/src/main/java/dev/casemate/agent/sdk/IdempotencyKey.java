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
                        .put("arguments", arguments)
                        .build();
        return new IdempotencyKey(Digest.of(meaning).value().substring("sha256:".length()));
    }

    @Override
    public String toString() {
        return value;
    }
}
