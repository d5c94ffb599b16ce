package dev.casemate.agent.testkit;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Whatever a file holds, it is read or refused.
class YamlFuzzTest {

    @FuzzTest(maxDuration = "10s")
    void everyTextIsReadOrRefused(byte[] bytes) {
        try {
            Yaml.read("fuzz.yaml", new String(bytes, StandardCharsets.UTF_8)).json();
        } catch (TestkitException e) {
            // Refused; anything else is a defect.
        }
    }
}
