package dev.casemate.container.launch;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Whatever the bytes are, an archive is read or refused, and nothing else happens.
final class OciArchiveFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void archiveIsReadOrRefused(byte[] tar) {
        try {
            OciArchive.read(OciArchiveTest.source(tar)).image();
        } catch (LaunchException refused) {
            // As it should be.
        }
    }
}
