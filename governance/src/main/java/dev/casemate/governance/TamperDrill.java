package dev.casemate.governance;

import dev.casemate.governance.Evidence.Layers;
import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.proxy.audit.LedgerVerifier;
import dev.casemate.proxy.audit.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Changes one byte in the middle of a copy of the ledger, and asks the verifier.
final class TamperDrill {

    private TamperDrill() {}

    static Evidence run(Rehearsal rehearsal) {
        try {
            var key = VerifierKey.read(Files.readString(rehearsal.ledgerKey()));
            var copy = copy(rehearsal.ledger(), rehearsal.scratch("tampered"));
            var before = LedgerVerifier.verify(copy, key);
            flipByteInMiddle(copy);
            var after = LedgerVerifier.verify(copy, key);
            return new Evidence(
                    Threat.AUDIT_GAPS,
                    Layers.PROXY,
                    "one byte of the ledger changed on disk",
                    before.sound() && !after.sound(),
                    after.defect()
                            .map(defect ->
                                    "the verifier names it: " + defect.code() + " " + defect.what())
                            .orElse("the verifier saw nothing"));
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected to copy the ledger", e);
        }
    }

    private static Path copy(Path ledger, Path copy) throws IOException {
        Files.createDirectory(copy);
        try (var files = Files.list(ledger)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static void flipByteInMiddle(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            // The segments are the largest files of a ledger by far.
            var largest =
                    files.max(Comparator.comparingLong(file -> file.toFile().length()))
                            .orElseThrow();
            var bytes = Files.readAllBytes(largest);
            bytes[bytes.length / 2] ^= 1;
            Files.write(largest, bytes);
        }
    }
}
