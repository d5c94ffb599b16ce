package dev.casemate.proxy.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.proxy.audit.LedgerException.Code;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NoteTest {

    // The example of Go's golang.org/x/mod/sumdb/note, made by another implementation.
    private static final String FOREIGN_KEY =
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private static final String FOREIGN_TEXT =
            """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.
            """;
    private static final String FOREIGN_SIGNATURE =
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

    @TempDir private Path temporary;

    private SigningKey key(String name) {
        return SigningKey.open(temporary.resolve(name + ".key"), name, true, Disk.real());
    }

    @Test
    void keysAndSignaturesAreThoseOfOtherImplementations() {
        var key = VerifierKey.read(FOREIGN_KEY);
        var signed = Base64.getDecoder().decode(FOREIGN_SIGNATURE);
        assertThat(Arrays.copyOf(signed, 4)).isEqualTo(key.id());
        assertThat(key.verifies(FOREIGN_TEXT, Arrays.copyOfRange(signed, 4, signed.length)))
                .isTrue();
        assertThat(key.verifies(FOREIGN_TEXT + " ", Arrays.copyOfRange(signed, 4, signed.length)))
                .isFalse();
        assertThat(key.vkey()).isEqualTo(FOREIGN_KEY);
    }

    @Test
    void theKeyOfThePublicGoChecksumDatabaseIsRead() {
        var vkey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        assertThat(VerifierKey.read(vkey).vkey()).isEqualTo(vkey);
    }

    @Test
    void aCheckpointIsOpenedAgain() {
        var key = key("log");
        var tree = new MerkleTree();
        tree.add(MerkleTree.leaf(new byte[] {1}));
        var checkpoint = Note.sign(1, tree.root(), key);
        assertThat(checkpoint.note()).startsWith("log\n1\n").contains("\n\n\u2014 log ");
        assertThat(Note.open(checkpoint.note(), key.verifier(), "test")).isEqualTo(checkpoint);
    }

    @Test
    void aCheckpointThatWasChangedOrSignedByAnotherIsRefused() {
        var key = key("log");
        var note = Note.sign(7, new MerkleTree().root(), key).note();
        assertRefused(note.replace("\n7\n", "\n6\n"), key, Code.TAMPERED);
        assertRefused(note, key("other"), Code.KEY);
        assertRefused("", key, Code.CORRUPT);
        assertRefused("log\n7\n", key, Code.CORRUPT);
        assertRefused(note.substring(0, note.length() - 9) + "!!!\n", key, Code.TAMPERED);
    }

    @Test
    void anotherWitnesssSignatureBesideOursDoesNoHarm() {
        var key = key("log");
        var note = Note.sign(7, new MerkleTree().root(), key).note();
        var cosigned = note + "\u2014 witness AAAAAAAA\n";
        assertThat(Note.open(cosigned, key.verifier(), "test").size()).isEqualTo(7);
    }

    @Test
    void aBrokenVkeyIsRefused() {
        for (var vkey :
                new String[] {"", "a+b", "a+00000000+AQ==", FOREIGN_KEY.replace("c7", "c8")}) {
            assertThatThrownBy(() -> VerifierKey.read(vkey))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.code()).isEqualTo(Code.KEY));
        }
    }

    private static void assertRefused(String note, SigningKey key, Code code) {
        assertThatThrownBy(() -> Note.open(note, key.verifier(), "test"))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
