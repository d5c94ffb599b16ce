package dev.casemate.agent.processor;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;

final class PortablePatternFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void aPatternMeansTheSameOrIsRefused(FuzzedDataProvider data) {
        PortablePatternTest.sameOrRefused(new Random(data.consumeLong()), data.consumeString(40));
    }
}
