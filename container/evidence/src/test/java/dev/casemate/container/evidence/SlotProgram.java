package dev.casemate.container.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Attaches evidence with a key in a slot, in a process of its own: SoftHSM reads the environment.
final class SlotProgram {

    private SlotProgram() {}

    public static void main(String[] arguments) throws IOException {
        var directory = Path.of(arguments[0]);
        var signer =
                Signer.pkcs11(directory.resolve("slot.cfg"), "casemate", directory.resolve("pin"));
        Files.writeString(directory.resolve("slot.pub"), signer.publicKey().pem());
        var image = new TestImage("Answers");
        ImageEvidence.attach(
                image.write(directory.resolve("plain.tar")),
                TestImage.facts(),
                image.analysis(),
                signer,
                directory.resolve("signed.tar"));
    }
}
