package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Whatever comes as a request is read or refused by name; and what the wire's reader accepts, the
/// manifest's reader reads as the same value.
final class RequestFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void aRequestIsReadOrRefusedByName(byte[] body) {
        try {
            var request = RequestReader.read(body);
            assertThat(request.passages()).isNotNull();
            assertThat(RequestReader.read(WireJson.write(request.body())).body())
                    .isEqualTo(request.body());
        } catch (GatewayException e) {
            assertThat(e.code()).isIn(ErrorCode.MALFORMED_JSON, ErrorCode.INVALID_REQUEST);
        }
    }

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
