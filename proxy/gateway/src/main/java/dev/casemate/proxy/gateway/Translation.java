package dev.casemate.proxy.gateway;

import java.util.List;
import java.util.stream.Stream;

/// What every translation from one wire format into another holds to.
final class Translation {

    /// Comes before a tool's result that its agent marked as an error, where the upstream's format
    /// has no mark for it.
    static final String FAILED_RESULT = "The tool failed: ";

    private Translation() {}

    /// @param what a place of the request, or a word for what it holds; never its content
    static GatewayException refuse(String what) {
        return new GatewayException(
                ErrorCode.NOT_TRANSLATABLE,
                "expected a request that this model's upstream can be told; it has no words for "
                        + what);
    }

    static void refuseForeign(ChatRequest request) {
        if (!request.settings().foreign().isEmpty()) {
            throw refuse(String.join(", ", request.settings().foreign()));
        }
    }

    static List<String> marked(List<String> texts) {
        return texts.isEmpty()
                ? List.of(FAILED_RESULT)
                : Stream.concat(Stream.of(FAILED_RESULT + texts.getFirst()), texts.stream().skip(1))
                        .toList();
    }
}
