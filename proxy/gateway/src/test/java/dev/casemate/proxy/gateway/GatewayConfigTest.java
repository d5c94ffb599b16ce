package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.proxy.finops.Cost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatewayConfigTest {

    private static final String VALID =
            """
            # The smallest gateway.
            listen: {host: 127.0.0.1, port: 8443, keyStore: proxy.p12, keyStorePasswordFile: proxy.pass}
            admin: {host: 127.0.0.1, port: 9443}
            ledger: {directory: ledger, signingKey: ledger.key}
            limits: {bodyBytes: 2097152, upstreamSeconds: 30}
            upstreams:
              - name: rehearsal
                url: "https://127.0.0.1:1234/v1"
            models:
              - name: gpt-4o-mini
                upstream: rehearsal
                maxOutputTokens: 4096
                inputUsdPerMillion: "0.15"
                outputUsdPerMillion: "0.60"
            agents:
              - manifest: agent.json
                digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"
                team: commodities
                credentialSha256: "0000000000000000000000000000000000000000000000000000000000000000"
            budgets:
              - {name: daily, subject: agent, value: market-analyst, period: day, limitUsd: "5.00"}
            """;

    @TempDir Path directory;

    private GatewayConfig read(String yaml) throws Exception {
        return GatewayConfig.read(Files.writeString(directory.resolve("proxy.yaml"), yaml));
    }

    @Test
    void aValidFileIsReadWithPathsRelativeToIt() throws Exception {
        var config = read(VALID);
        assertThat(config.listen().keyStore()).isEqualTo(directory.resolve("proxy.p12"));
        assertThat(config.limits().upstream()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.limits().concurrentExchanges()).isEqualTo(2_000);
        assertThat(config.model("gpt-4o-mini").orElseThrow().price().orElseThrow())
                .satisfies(price ->
                        assertThat(price.perMillionCachedInput()).isEqualTo(Cost.ofUsd("0.15")));
        assertThat(config.budgets().getFirst().alertPercent()).isEqualTo(80);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port: 9443}|port: 9443, extra: 1}|UNKNOWN_KEY|:3 admin.extra",
                "upstream: rehearsal|upstream: nowhere|BROKEN_REFERENCE|:10 models[0]",
                "https://127.0.0.1:1234/v1|http://10.0.0.1/v1|INVALID_VALUE|:8 upstreams[0].url",
                "https://127.0.0.1:1234/v1|https://user:pw@h/v1|INVALID_VALUE|:8 upstreams[0].url",
                "maxOutputTokens: 4096|maxOutputTokens: many|INVALID_VALUE|:12",
                "\"0.15\"|0.15|INVALID_VALUE|:13",
                "sha256:0|sha255:0|INVALID_VALUE|:17",
                "{host: 127.0.0.1, port: 9443}|{host: 0.0.0.0, port: 9443}|INVALID_VALUE|:3 admin.host",
                "directory: ledger, |directory: ledger, directory: other, |INVALID_VALUE|:4",
                "period: day|period: fortnight|INVALID_VALUE|:21 budgets[0].period",
                "- name: rehearsal|- name: &a rehearsal|MALFORMED_YAML|:7",
                "team: commodities|team: !secret commodities|MALFORMED_YAML|:18",
                "agents:|agents: [|MALFORMED_YAML|proxy.yaml",
                "bodyBytes: 2097152|bodyBytes: 99999999999|INVALID_VALUE|:5 limits.bodyBytes",
                "upstream: rehearsal|upstreamModel: rehearsal|MISSING_KEY|:10 models[0]"
            })
    void aMistakeIsNamedWithItsLine(
            String from, String to, ConfigException.Code code, String where) {
        var yaml = VALID.replace(from, to);
        assertThat(yaml).isNotEqualTo(VALID);
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(where);
    }

    @Test
    void aLaunchersCredentialThatIsNoHashIsNamedWithItsLine() {
        var yaml =
                VALID.replace(
                        "team: commodities",
                        "launcherCredentialSha256: \"0\"\n    team: commodities");
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.code()).isEqualTo(ConfigException.Code.INVALID_VALUE))
                .hasMessageContaining("launcherCredentialSha256");
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere,BROKEN_REFERENCE",
        "rehearsal,BROKEN_REFERENCE",
        "other-format,INVALID_VALUE",
    })
    void aFallbackIsAnotherUpstreamOfTheSameFormat(String fallback, ConfigException.Code code) {
        var yaml =
                VALID.replace(
                                "models:",
                                "  - {name: other-format, format: anthropic_messages, url: \"https://127.0.0.1/v1\"}\nmodels:")
                        .replace(
                                "upstream: rehearsal",
                                "upstream: rehearsal\n    fallbacks: [%s]".formatted(fallback));
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(":11 models[0]");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> GatewayConfig.read(directory.resolve("absent.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("absent.yaml");
    }
}
