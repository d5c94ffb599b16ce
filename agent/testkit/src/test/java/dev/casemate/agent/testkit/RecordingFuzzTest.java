package dev.casemate.agent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;

/// Whatever a file holds, it is a recording or refused.
class RecordingFuzzTest {

    @FuzzTest(maxDuration = "10s")
    void everyFileIsReadOrRefused(byte[] bytes) {
        try {
            assertThat(Recording.read(JsonReader.read(bytes)).exchanges()).isNotNull();
        } catch (ManifestException | IllegalArgumentException e) {
            // Refused; anything else is a defect.
        }
    }
}
