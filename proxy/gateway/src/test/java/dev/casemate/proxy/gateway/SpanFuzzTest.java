package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.AgentManifest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Whatever comes as spans is taken or refused by name; what was taken is one trace of the caller.
final class SpanFuzzTest {

    private static final AgentManifest MANIFEST =
            AgentManifest.read(House.manifest("clerk", "").getBytes(StandardCharsets.UTF_8));

    private static final AgentRegistry.Identity CLERK =
            new AgentRegistry.Identity(
                    "office",
                    MANIFEST.digest(),
                    Optional.of(new ManifestGate(MANIFEST)),
                    AgentRegistry.Role.AGENT);

    @FuzzTest(maxDuration = "5s")
    void spansAreTakenOrRefusedByName(byte[] body) {
        try {
            var told = SpanReader.read(body, CLERK);
            assertThat(told.trace()).matches("[0-9a-f]{32}");
            assertThat(told.spans()).isBetween(1, SpanReader.MAX_SPANS);
            assertThat(told.resourceSpans().text()).contains("\"clerk\"");
        } catch (GatewayException e) {
            assertThat(e.code())
                    .isIn(
                            ErrorCode.MALFORMED_JSON,
                            ErrorCode.INVALID_REQUEST,
                            ErrorCode.SPANS_OF_ANOTHER_AGENT);
        }
    }
}
