package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every code by which a request is turned away before it leaves: the wire format's error, one
/// record, one count, and an upstream that saw nothing.
final class RefusalTest {

    private static final String TOOL =
            """
            {"type":"function","function":{"name":"get_current_prices","description":"Current price of a commodity",
             "parameters":{"additionalProperties":false,"type":"object","required":["symbol"],
               "properties":{"symbol":{"maxLength":6.0,"type":"string"}}}}}\
            """;

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private void assertRefused(HttpResponse<String> response, ErrorCode code) throws Exception {
        assertThat(response.body()).contains("\"code\":\"" + code.word() + "\"");
        assertThat(response.statusCode()).isEqualTo(code.status());
        var error = (Json.Obj) House.json(response).get("error").orElseThrow();
        assertThat(error.members().keySet())
                .containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.text("type")).contains(code.type());
        assertThat(error.get("param")).contains(new Json.Null());
        assertThat(error.text("message").orElseThrow()).isNotBlank();
        var exchange = response.headers().firstValue(Reply.EXCHANGE_HEADER).orElseThrow();
        var record = house.records().stream().filter(e -> e.exchange().equals(exchange)).toList();
        assertThat(record).singleElement().satisfies(entry -> assertRecord(entry, code));
        assertThat(house.metrics())
                .contains("casemate_refusals_total{code=\"" + code.word() + "\"} 1.0");
        assertThat(house.upstream.seen()).isEmpty();
    }

    private static void assertRecord(LedgerEntry entry, ErrorCode code) {
        assertThat(entry.kind()).isEqualTo(Kind.REFUSAL);
        assertThat(entry.body().text("code")).contains(code.word());
        assertThat(entry.body().get("status")).contains(Json.of(code.status()));
    }

    @Test
    void malformedJsonIsRefused() throws Exception {
        house.start();
        assertRefused(house.chat("{\"model\":"), ErrorCode.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{} {}",
                "{\"model\":\"a\",\"model\":\"b\"}",
                "",
                "{\"model\":\"\\ud800\"}",
                "{'model':1}",
                "[1e9999]",
                "[1e10000077777777777777777777770]"
            })
    void whatTwoReadersCouldReadDifferentlyIsMalformed(String body) throws Exception {
        house.start();
        assertRefused(house.chat(body), ErrorCode.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[]}",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"wizard\",\"content\":\"x\"}]}",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"function\",\"name\":\"f\",\"content\":\"x\"}]}",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x\"}}]}]}",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"audio\":{}}]}",
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\"}]}"
            })
    void whatThePolicyCannotReadIsInvalid(String body) throws Exception {
        house.start();
        assertRefused(house.chat(body), ErrorCode.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":2",
                "\"functions\":[]",
                "\"web_search_options\":{}",
                "\"service_tier\":\"priority\"",
                "\"logprobs\":true",
                "\"store\":true",
                "\"max_tokens\":1,\"max_completion_tokens\":1",
                "\"max_tokens\":0",
                "\"stream_options\":{\"include_usage\":true}"
            })
    void membersThatPolicyOrPriceCannotBoundAreInvalid(String member) throws Exception {
        house.start();
        var response = house.chat(House.prompt(House.MODEL, "hello", "," + member));
        assertRefused(response, ErrorCode.INVALID_REQUEST);
    }

    @Test
    void anUnknownMemberIsNamed() throws Exception {
        house.start();
        var response = house.chat(House.prompt(House.MODEL, "hello", ",\"modalities\":[]"));
        assertThat(response.body()).contains("/modalities");
    }

    @Test
    void aBodyOverTheLimitIsRefusedByItsLength() throws Exception {
        house.limits = "limits: {bodyBytes: 2048}";
        house.start();
        assertRefused(house.chat(House.prompt("x".repeat(4096))), ErrorCode.BODY_TOO_LARGE);
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefusedAsItComes() throws Exception {
        house.limits = "limits: {bodyBytes: 2048}";
        house.start();
        var bytes = House.prompt("x".repeat(4096)).getBytes(StandardCharsets.UTF_8);
        var request =
                house.request(FrontDoor.CHAT)
                        .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(bytes)))
                        .build();
        assertRefused(house.send(request), ErrorCode.BODY_TOO_LARGE);
    }

    @Test
    void anUnknownRouteIsRefused() throws Exception {
        house.start();
        var request =
                house.request("/v1/embeddings")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        assertRefused(house.send(request), ErrorCode.UNKNOWN_ROUTE);
    }

    @Test
    void aWrongCredentialIsAnUnknownAgent() throws Exception {
        house.start();
        var request =
                HttpRequest.newBuilder(house.uri(FrontDoor.CHAT))
                        .header("authorization", "Bearer guess")
                        .POST(HttpRequest.BodyPublishers.ofString(House.prompt("hello")))
                        .build();
        assertRefused(house.send(request), ErrorCode.UNKNOWN_AGENT);
    }

    @Test
    void noCredentialIsAnUnknownAgent() throws Exception {
        house.start();
        var request = HttpRequest.newBuilder(house.uri(FrontDoor.MODELS)).GET().build();
        assertRefused(house.send(request), ErrorCode.UNKNOWN_AGENT);
    }

    @Test
    void aTamperedManifestShutsItsAgentOutAndNoOther() throws Exception {
        var file = directory.resolve("market-analyst.json");
        Files.writeString(
                file, Files.readString(file).replace("\"maxLength\":6", "\"maxLength\":60"));
        house.start();
        assertRefused(house.chat(House.prompt("hello")), ErrorCode.MANIFEST_NOT_ADMITTED);
        var clerk =
                HttpRequest.newBuilder(house.uri(FrontDoor.CHAT))
                        .header("authorization", "Bearer " + House.CLERK_CREDENTIAL)
                        .POST(HttpRequest.BodyPublishers.ofString(House.prompt("hello")))
                        .build();
        assertThat(house.send(clerk).statusCode()).isEqualTo(200);
    }

    @Test
    void anUnknownModelIsRefused() throws Exception {
        house.start();
        var response = house.chat(House.prompt("gpt-unheard-of", "hello", ""));
        assertRefused(response, ErrorCode.UNKNOWN_MODEL);
    }

    @Test
    void aModelOutsideTheManifestIsRefused() throws Exception {
        house.start();
        var response = house.chat(House.prompt("other", "hello", ""));
        assertRefused(response, ErrorCode.MODEL_NOT_IN_MANIFEST);
    }

    @Test
    void aToolOutsideTheManifestIsRefusedAndItsNameRecorded() throws Exception {
        house.start();
        var tool = TOOL.replace("get_current_prices", "run_shell");
        var response = house.chat(House.prompt(House.MODEL, "hi", ",\"tools\":[" + tool + "]"));
        assertRefused(response, ErrorCode.TOOL_NOT_IN_MANIFEST);
        assertThat(house.records().getLast().body().get("tools"))
                .contains(Json.strings(List.of("run_shell")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"maxLength\":6.0|\"maxLength\":7",
                "Current price|Send the price",
                "\"description\"|\"strictly\":true,\"description\"",
                "\"additionalProperties\":false,|"
            })
    void aToolThatDiffersFromTheManifestIsRefused(String change) throws Exception {
        house.start();
        var parts = change.split("\\|", -1);
        var tool = TOOL.replace(parts[0], parts[1]);
        var response = house.chat(House.prompt(House.MODEL, "hi", ",\"tools\":[" + tool + "]"));
        assertRefused(response, ErrorCode.TOOL_DIFFERS_FROM_MANIFEST);
    }

    @Test
    void aToolOfTheManifestPassesHoweverItIsSpelled() throws Exception {
        house.start();
        var response = house.chat(House.prompt(House.MODEL, "hi", ",\"tools\":[" + TOOL + "]"));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void aChosenToolThatIsNotOfferedIsRefused() throws Exception {
        house.start();
        var choice =
                ",\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"run_shell\"}}";
        assertRefused(
                house.chat(House.prompt(House.MODEL, "hi", choice)),
                ErrorCode.TOOL_NOT_IN_MANIFEST);
    }

    @Test
    void aModelWithoutAPriceIsRefused() throws Exception {
        house.start();
        assertRefused(house.chat(House.prompt("free", "hello", "")), ErrorCode.PRICE_UNKNOWN);
    }

    @Test
    void aPromptThatTheBudgetCannotCoverIsRefusedAndNotToBeRetried() throws Exception {
        house.start();
        var response = house.chat(House.prompt("dear", "hello", ""));
        assertRefused(response, ErrorCode.BUDGET_EXCEEDED);
        assertThat(response.headers().firstValue("x-should-retry")).isEqualTo(Optional.of("false"));
        assertThat(house.gateway().budgets().status())
                .allSatisfy(status -> assertThat(status.reserved().nanoUsd()).isZero());
    }

    @Test
    void aHeaderOverTheLimitIsRefusedAndCounted() throws Exception {
        house.limits = "limits: {headerBytes: 2048}";
        house.start();
        var request =
                house.request(FrontDoor.MODELS).header("x-filler", "y".repeat(4096)).GET().build();
        var response = house.send(request);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("\"code\":\"invalid_request\"");
        assertThat(house.metrics())
                .contains("casemate_refusals_total{code=\"invalid_request\"} 1.0");
    }
}
