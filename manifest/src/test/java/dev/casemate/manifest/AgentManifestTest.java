package dev.casemate.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.casemate.manifest.ManifestException.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentManifestTest {

    private final AgentManifest manifest = Samples.manifest();

    @Test
    void what_is_written_reads_back_equal_with_the_same_digest() {
        var read = AgentManifest.read(CanonicalJson.bytes(manifest.toJson()));

        assertThat(read).isEqualTo(manifest);
        assertThat(read.digest()).isEqualTo(manifest.digest());
    }

    @Test
    void the_digest_does_not_depend_on_the_order_of_members() {
        var members = new ArrayList<>(manifest.toJson().members().entrySet()).reversed();
        var reversed = new LinkedHashMap<String, Json>();
        members.forEach(member -> reversed.put(member.getKey(), member.getValue()));

        assertThat(Digest.of(new Json.Obj(reversed))).isEqualTo(manifest.digest());
    }

    @Test
    void every_member_of_the_document_counts_for_the_digest() {
        for (var name : manifest.toJson().members().keySet()) {
            var changed = manifest.toJson().with(name, Json.of("something else"));
            assertThat(Digest.of(changed)).as(name).isNotEqualTo(manifest.digest());
        }
    }

    @Test
    void every_missing_member_is_refused_by_name() {
        for (var name : manifest.toJson().members().keySet()) {
            var members = new LinkedHashMap<>(manifest.toJson().members());
            members.remove(name);
            refused(new Json.Obj(members).text(), Code.MISSING_MEMBER, "/" + name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "name":                       | "extra":1,"name":          | UNKNOWN_MEMBER      | /extra
                    "persona":                    | "tone":"x","persona":      | UNKNOWN_MEMBER      | /prompt/tone
                    "effect":                     | "shell":true,"effect":     | UNKNOWN_MEMBER      | /tools/0/shell
                    casemate.dev/v1               | casemate.dev/v2            | UNSUPPORTED_VERSION | /apiVersion
                    "destinations":["prices"]     | "destinations":["news"]    | BROKEN_REFERENCE    | /tools/0/destinations/0
                    "destinations":["prices"]     | "destinations":[]          | BROKEN_REFERENCE    | /destinations/0
                    "steps":8                     | "steps":0                  | INVALID_VALUE       | /limits/steps
                    "steps":8                     | "steps":1.5                | INVALID_VALUE       | /limits/steps
                    "steps":8                     | "steps":"8"                | INVALID_VALUE       | /limits/steps
                    "steps":8                     | "steps":1e300              | INVALID_VALUE       | /limits/steps
                    "effect":"read"               | "effect":"execute"         | INVALID_VALUE       | /tools/0/effect
                    "name":"get_current_prices"   | "name":"rm -rf"            | INVALID_VALUE       | /tools/0/name
                    "name":"market-analyst"       | "name":"Market Analyst"    | INVALID_VALUE       | /name
                    "additionalProperties":false  | "additionalProperties":true| INVALID_VALUE       | /tools/0/inputSchema
                    "exposures":[]                | "exposures":["harmless"]   | INVALID_VALUE       | /tools/0/exposures/0
                    "timeoutSeconds":30           | "timeoutSeconds":0         | INVALID_VALUE       | /tools/0/timeoutSeconds
                    "trustedArguments":[]         | "trustedArguments":["x"]   | BROKEN_REFERENCE    | /tools
                    "protocol":"https"            | "protocol":"ssh"           | INVALID_VALUE       | /destinations/0/protocol
                    "network-connect"             | "teleport"                 | INVALID_VALUE       | /capabilities/0
                    "network-connect"             | "exec","exec"              | BROKEN_REFERENCE    | /capabilities/1
                    "models":["gpt-4o-mini"]      | "models":[]                | INVALID_VALUE       | /models
                    "owner":"commodities desk"    | "owner":" "                | INVALID_VALUE       | /owner
                    """)
    void a_broken_document_is_refused_at_its_place(
            String good, String bad, Code code, String place) {
        var text = manifest.toJson().text();
        assertThat(text).contains(good);
        refused(text.replaceFirst(Pattern.quote(good), bad), code, place);
    }

    @Test
    void a_document_over_the_size_limit_is_refused_unread() {
        assertThatThrownBy(() -> AgentManifest.read(new byte[AgentManifest.MAX_BYTES + 1]))
                .isInstanceOf(ManifestException.class);
    }

    @Test
    void a_refusal_never_repeats_the_value() {
        var text = manifest.toJson().text().replace("\"steps\":8", "\"steps\":\"hunter2\"");
        assertThatThrownBy(() -> AgentManifest.read(text.getBytes(StandardCharsets.UTF_8)))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void a_deployment_binds_exactly_one_manifest() {
        var endpoint = new Deployment.Endpoint("prices", 443, Optional.empty(), Optional.empty());
        var deployment =
                new Deployment(
                        manifest.digest(),
                        new Correlation("run-1", "workflow-1", "tx-1"),
                        endpoint,
                        Map.of("prices", endpoint),
                        "gpt-4o-mini");
        var read = Deployment.read(CanonicalJson.bytes(deployment.toJson()));
        assertThat(read).isEqualTo(deployment);
        read.requireFor(manifest);

        var other =
                new AgentManifest(
                        manifest.name(),
                        "1.0.1",
                        manifest.owner(),
                        manifest.purpose(),
                        manifest.prompt(),
                        manifest.models(),
                        manifest.tools(),
                        manifest.destinations(),
                        manifest.limits(),
                        manifest.capabilities(),
                        manifest.approval());
        assertThatThrownBy(() -> read.requireFor(other))
                .asInstanceOf(type(ManifestException.class))
                .extracting(ManifestException::code)
                .isEqualTo(Code.DIGEST_MISMATCH);
    }

    @Test
    void the_system_message_holds_persona_scope_and_refusals() {
        assertThat(manifest.prompt().systemMessage())
                .contains("A market analyst.", "Commodity markets.", "Anything else.");
        assertThat(manifest.tool("get_current_prices")).isPresent();
        assertThat(manifest.tool("bash")).isEmpty();
        assertThat(List.of(Capability.values()))
                .extracting(Capability::word)
                .doesNotHaveDuplicates();
    }

    private static void refused(String document, Code code, String place) {
        assertThatThrownBy(() -> AgentManifest.read(document.getBytes(StandardCharsets.UTF_8)))
                .asInstanceOf(type(ManifestException.class))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(code);
                    assertThat(refusal.place()).isEqualTo(place);
                });
    }
}
