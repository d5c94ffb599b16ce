package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Usage;
import java.math.BigDecimal;
import java.util.Optional;

/// What the readers of all upstreams' answers share. An upstream is trusted no further than a
/// client: what cannot be read is refused, and what is not known does not pass.
final class AnswerReader {

    static final int MAX_TOOL_CALLS = 128;

    private AnswerReader() {}

    static GatewayException failed(String expected) {
        return new GatewayException(
                ErrorCode.UPSTREAM_FAILED, "expected " + expected + " from the upstream");
    }

    static Json.Obj object(Optional<Json> json, String expected) {
        if (json.orElse(null) instanceof Json.Obj object) {
            return object;
        }
        throw failed(expected);
    }

    /// One event of a stream.
    static Json.Obj event(byte[] data) {
        try {
            var event = object(Optional.of(WireJson.read(data)), "an object");
            if (present(event, "error").isPresent()) {
                throw failed("an answer and not an error");
            }
            return event;
        } catch (WireJson.MalformedException e) {
            throw failed("JSON in each event");
        }
    }

    static Optional<Json> present(Json.Obj object, String name) {
        return object.get(name).filter(value -> !(value instanceof Json.Null));
    }

    static Optional<String> string(Json.Obj object, String name) {
        return present(object, name)
                .map(value -> {
                    if (value instanceof Json.Str(var text)) {
                        return text;
                    }
                    throw failed("a string as " + name);
                });
    }

    // Ids and names of the upstream's own making: kept if they are what they should be.

    static String id(Json.Obj root) {
        return root.text("id").filter(WireObject::isWord).orElse("none");
    }

    static String model(Json.Obj root) {
        return root.text("model").filter(WireObject::isWord).orElse("none");
    }

    static Optional<String> callId(Json.Obj call) {
        var id = string(call, "id").filter(text -> !text.isEmpty());
        if (id.isPresent() && !WireObject.isWord(id.get())) {
            throw failed("an id of letters and digits with each tool call");
        }
        return id;
    }

    /// A number of tokens.
    ///
    /// @return `absent` where it is not there, -1 where it is none that can be
    static long tokens(Optional<Json> json, long absent) {
        var value = json.orElse(new Json.Null());
        if (value instanceof Json.Null) {
            return absent;
        }
        return value instanceof Json.Num(var number)
                        && number.scale() <= 0
                        && number.signum() >= 0
                        && number.compareTo(BigDecimal.valueOf(Usage.MAX_TOKENS_READ)) <= 0
                ? number.longValueExact()
                : -1;
    }

    /// The index of a piece among at most [#MAX_TOOL_CALLS].
    static int index(Json.Obj piece) {
        if (!(piece.get("index").orElse(null) instanceof Json.Num(var index))
                || index.scale() > 0
                || index.signum() < 0
                || index.precision() - index.scale() > 3
                || index.intValue() >= MAX_TOOL_CALLS) {
            throw failed("an index below " + MAX_TOOL_CALLS + " with each piece");
        }
        return index.intValue();
    }
}
