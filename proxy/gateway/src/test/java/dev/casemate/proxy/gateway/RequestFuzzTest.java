package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whatever comes as a request is read or refused by name; and what the wire's reader accepts, the
/// manifest's reader reads as the same value.
final class RequestFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void aRequestIsReadOrRefusedByName(byte[] body) {
        for (var format : WireFormat.values()) {
            try {
                var request = format.dialect().read(body);
                assertThat(request.passages()).isNotNull();
                assertThat(format.dialect().read(WireJson.write(request.body())).body())
                        .isEqualTo(request.body());
                isToldOrRefusedByName(request);
            } catch (GatewayException e) {
                assertThat(e.code()).isIn(ErrorCode.MALFORMED_JSON, ErrorCode.INVALID_REQUEST);
            }
        }
    }

    private static void isToldOrRefusedByName(ChatRequest request) {
        for (var format : WireFormat.values()) {
            Json.Obj translated;
            try {
                translated = format.dialect().request(request, MODEL);
            } catch (GatewayException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.NOT_TRANSLATABLE);
                continue;
            }
            assertThat(translated.text("model")).contains("upstream-model");
            nothingIsToldThatPolicyHasNotRead(format, translated, request);
        }
    }

    private static void nothingIsToldThatPolicyHasNotRead(
            WireFormat format, Json.Obj translated, ChatRequest request) {
        var read = new StringBuilder();
        request.passages().forEach(passage -> read.append(passage.text()).append('\u0000'));
        try {
            for (var turn : format.dialect().read(translated).turns()) {
                texts(turn).forEach(text -> assertThat(read.toString()).contains(text));
            }
        } catch (GatewayException e) {
            // The upstream would not take it, either.
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        }
    }

    private static Stream<String> texts(Turn turn) {
        return switch (turn) {
            case Turn.Instructions(var texts) -> texts.stream();
            case Turn.User(var texts) -> Stream.of(String.join("", texts));
            case Turn.Assistant(var texts, _) -> Stream.of(String.join("", texts));
            case Turn.ToolResult(_, var texts, _) -> Stream.of(withoutMark(String.join("", texts)));
        };
    }

    private static String withoutMark(String result) {
        return result.startsWith(Translation.FAILED_RESULT)
                ? result.substring(Translation.FAILED_RESULT.length())
                : result;
    }

    private static final GatewayConfig.Model MODEL =
            new GatewayConfig.Model(
                    "model",
                    "upstream",
                    List.of(),
                    "upstream-model",
                    1_000,
                    "max_tokens",
                    Optional.empty());

    @FuzzTest(maxDuration = "5s")
    void twoReadersReadOneDocumentAlike(byte[] body) {
        var wire = wire(body);
        var manifest = manifest(body);
        if (manifest.isPresent() && depth(manifest.get()) <= WireJson.MAX_DEPTH) {
            assertThat(wire).isEqualTo(manifest);
        }
        if (wire.isPresent() && isUtf8(body)) {
            assertThat(manifest).isEqualTo(wire);
        }
    }

    private static Optional<Json> wire(byte[] body) {
        try {
            return Optional.of(WireJson.read(body));
        } catch (WireJson.MalformedException e) {
            return Optional.empty();
        }
    }

    private static Optional<Json> manifest(byte[] body) {
        try {
            return Optional.of(JsonReader.read(body));
        } catch (ManifestException e) {
            return Optional.empty();
        }
    }

    private static int depth(Json json) {
        return switch (json) {
            case Json.Arr(var items) ->
                    1 + items.stream().mapToInt(RequestFuzzTest::depth).max().orElse(0);
            case Json.Obj(var members) ->
                    1 + members.values().stream().mapToInt(RequestFuzzTest::depth).max().orElse(0);
            case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> 0;
        };
    }

    private static boolean isUtf8(byte[] body) {
        return java.util.Arrays.equals(
                new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), body);
    }
}
