package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Destination.Protocol;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DescriptorTest {

    private static final Target PROXY =
            new Target("proxy", "proxy.casemate.test", "10.0.0.5", 8443, true, true);
    private static final Target PRICES =
            new Target("prices", "prices.casemate.test", "10.0.0.6", 443, true, false);

    @ParameterizedTest
    @EnumSource(Platform.class)
    void theDescriptorIsTheOneThatWasReviewed(Platform platform) throws IOException {
        var name = platform == Platform.QUADLET ? "agent.container" : "agent.json";
        try (var stream = DescriptorTest.class.getResourceAsStream(name)) {
            assertThat(stream).as("the file %s beside this test", name).isNotNull();
            assertThat(Descriptor.of(platform, request("What is the price of copper?")).text())
                    .isEqualTo(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @EnumSource(Platform.class)
    void everyPlatformSaysWhatItCannotEnforce(Platform platform) {
        var descriptor = Descriptor.of(platform, request("x"));
        assertThat(descriptor.gaps())
                .extracting(Gap::control)
                .contains("network", "image", "system calls", "disk bandwidth");
        assertThat(descriptor.gapsText()).contains(descriptor.gaps().getFirst().reason());
    }

    @Test
    void theDeploymentThatIsRenderedIsOneThatTheAgentAccepts() {
        var list =
                (Json.Obj) JsonReader.read(Descriptor.of(Platform.KUBERNETES, request("x")).text());
        var files = (Json.Obj) ((Json.Arr) list.get("items").orElseThrow()).items().getFirst();
        var data = (Json.Obj) files.get("data").orElseThrow();
        var document = data.text("deployment.json").orElseThrow();
        Deployment.read(document.getBytes(StandardCharsets.UTF_8)).requireFor(manifest());
    }

    @Test
    void aTaskStaysOneArgumentWhateverItHolds() {
        var text = Descriptor.of(Platform.QUADLET, request("\" --privileged $HOME %h \\")).text();
        assertThat(text).contains("Exec=\"\\\" --privileged $$HOME %%h \\\\\"\n");
    }

    @Test
    void aTaskWithALineOfItsOwnIsRefused() {
        assertThatThrownBy(() -> request("x\nUser=0")).isInstanceOf(DeployException.class);
    }

    @Test
    void anImageThatIsNamedByATagIsRefused() {
        assertThatThrownBy(() -> request("registry.test/agent:1", List.of(PRICES), "x"))
                .isInstanceOf(DeployException.class);
    }

    @Test
    void aDestinationWithoutTargetIsRefused() {
        assertThatThrownBy(() -> request(image(), List.of(), "x"))
                .isInstanceOf(DeployException.class);
    }

    private static String image() {
        return "registry.test/market-analyst@sha256:" + "0".repeat(64);
    }

    private static DeployRequest request(String task) {
        return request(image(), List.of(PRICES), task);
    }

    private static DeployRequest request(String image, List<Target> destinations, String task) {
        return new DeployRequest(
                manifest(),
                image,
                new Correlation("run-1", "workflow-1", "transaction-1"),
                "gpt-4o-mini",
                PROXY,
                destinations,
                task);
    }

    private static AgentManifest manifest() {
        var schema =
                (Json.Obj)
                        JsonReader.read(
                                "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}");
        return new AgentManifest(
                "market-analyst",
                "1.0.0",
                "commodities",
                "Answers questions",
                new Prompt("You answer.", "Markets.", List.of("Anything else.")),
                List.of("gpt-4o-mini"),
                List.of(
                        new ToolSpec(
                                "get_current_prices",
                                "Prices",
                                Effect.READ,
                                List.of("prices"),
                                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                                schema)),
                List.of(new Destination("prices", Protocol.HTTPS)),
                new Limits(
                        10,
                        20,
                        10_000,
                        Duration.ofSeconds(60),
                        3,
                        1500,
                        384L << 20,
                        16L << 20,
                        128,
                        50L << 20),
                Set.of(),
                Optional.empty());
    }
}
