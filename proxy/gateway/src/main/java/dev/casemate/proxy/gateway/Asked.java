package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import java.util.List;
import java.util.Optional;

/// Which upstreams an exchange turned to.
///
/// @param last the one whose answer, or failure, the agent gets; empty if none was asked
/// @param before those that were left for it, in their order
record Asked(Optional<String> last, List<Left> before) {

    Asked {
        before = List.copyOf(before);
    }

    /// @param why empty if it was not even asked, since its [Breaker] was open
    record Left(String upstream, Optional<ErrorCode> why) {
        Json.Obj toJson() {
            return Json.object()
                    .put("upstream", upstream)
                    .put("code", why.map(ErrorCode::word).orElse("breaker_open"))
                    .build();
        }
    }
}
