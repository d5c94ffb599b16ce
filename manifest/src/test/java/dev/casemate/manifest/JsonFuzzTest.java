package dev.casemate.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class JsonFuzzTest {

    @FuzzTest(maxDuration = "20s")
    void bytes_are_read_or_refused_and_what_is_read_survives_a_round_trip(byte[] input) {
        Json value;
        try {
            value = JsonReader.read(input);
        } catch (ManifestException refusal) {
            return;
        }
        assertThat(JsonReader.read(value.text())).isEqualTo(value);
        try {
            var canonical = CanonicalJson.bytes(value);
            assertThat(CanonicalJson.bytes(JsonReader.read(canonical))).isEqualTo(canonical);
        } catch (ManifestException refusal) {
            assertThat(refusal.code()).isEqualTo(ManifestException.Code.INVALID_VALUE);
        }
    }

    @FuzzTest(maxDuration = "20s")
    void a_manifest_is_read_or_refused(byte[] input) {
        try {
            var manifest = AgentManifest.read(input);
            assertThat(AgentManifest.read(CanonicalJson.bytes(manifest.toJson())))
                    .isEqualTo(manifest);
        } catch (ManifestException refusal) {
            assertThat(refusal.code()).isNotNull();
        }
    }
}
