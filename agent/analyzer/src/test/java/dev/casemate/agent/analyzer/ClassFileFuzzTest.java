package dev.casemate.agent.analyzer;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any bytes are a class that is read, or are refused with the code for it.
final class ClassFileFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void anyBytesAreReadOrRefused(byte[] bytes) {
        try {
            JarReader.type("fuzz.jar", "app/Main.class", bytes, Runtime.version(), new Names());
        } catch (AnalyzerException e) {
            if (e.code() != AnalyzerException.Code.UNREADABLE_CLASS) {
                throw e;
            }
        }
    }
}
