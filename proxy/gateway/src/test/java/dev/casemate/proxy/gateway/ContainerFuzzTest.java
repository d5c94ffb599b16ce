package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;
import dev.casemate.proxy.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Whatever comes as the record of a container is taken or refused by name.
final class ContainerFuzzTest {

    private static final AgentManifest MANIFEST =
            AgentManifest.read(House.manifest("clerk", "").getBytes(StandardCharsets.UTF_8));

    private static final AgentRegistry.Identity LAUNCHER =
            new AgentRegistry.Identity(
                    "office",
                    MANIFEST.digest(),
                    Optional.of(new ManifestGate(MANIFEST)),
                    AgentRegistry.Role.LAUNCHER);

    private static final Policy POLICY = Policy.defaults();

    @FuzzTest(maxDuration = "5s")
    void recordsAreTakenOrRefusedByName(byte[] body) {
        try {
            var told = ContainerReader.read(body, LAUNCHER, POLICY);
            assertThat(told.body().text("source")).contains("launcher");
            assertThat(told.body().get("attempt")).get().isInstanceOf(Json.Num.class);
        } catch (GatewayException e) {
            assertThat(e.code())
                    .isIn(
                            ErrorCode.MALFORMED_JSON,
                            ErrorCode.INVALID_REQUEST,
                            ErrorCode.MANIFEST_NOT_ADMITTED);
        }
    }
}
