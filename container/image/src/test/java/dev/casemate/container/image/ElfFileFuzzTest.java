package dev.casemate.container.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.container.image.ImageException.Code;

final class ElfFileFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void whateverTheBytesTheyAreReadOrRefused(byte[] bytes) {
        try {
            ElfFile.read(bytes);
        } catch (ImageException e) {
            if (e.code() != Code.UNREADABLE_BINARY) {
                throw e;
            }
        }
    }
}
