package dev.casemate.container.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

final class LayerTarTest {

    private static final long GIGABYTE = 1L << 30;
    private static final int LITTLE = 1 << 20;

    @Test
    void aNameOfAGigabyteIsNotRead() {
        for (byte type :
                List.of(
                        TarConstants.LF_GNUTYPE_LONGNAME,
                        TarConstants.LF_GNUTYPE_LONGLINK,
                        TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                        TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER)) {
            refused(header(type, GIGABYTE), new Endless(new byte[] {'1'}));
        }
    }

    @Test
    void aListOfHolesIsNotRead() {
        var more = new byte[512];
        // Where a record of the old list says that another follows.
        more[504] = 1;
        var first = header(TarConstants.LF_GNUTYPE_SPARSE, 0);
        first[482] = 1;
        refused(first, new Endless(more));
    }

    @Test
    void holesInAnExtendedHeaderAreRefused() {
        var record =
                "22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n"
                        .getBytes(StandardCharsets.US_ASCII);
        var data = new ByteArrayOutputStream();
        data.writeBytes(header(TarConstants.LF_PAX_EXTENDED_HEADER_LC, record.length));
        data.writeBytes(Arrays.copyOf(record, 512));
        data.writeBytes(header(TarConstants.LF_NORMAL, GIGABYTE));
        refused(data.toByteArray(), new Endless(new byte[] {'1', '\n'}));
    }

    @Test
    void longNamesAsBuildersWriteThemAreRead() throws IOException {
        var name = "app/lib/" + "n".repeat(300) + ".jar";
        for (int mode :
                List.of(
                        TarArchiveOutputStream.LONGFILE_POSIX,
                        TarArchiveOutputStream.LONGFILE_GNU)) {
            var out = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(out)) {
                tar.setLongFileMode(mode);
                var entry = new TarArchiveEntry(name);
                entry.setSize(3);
                tar.putArchiveEntry(entry);
                tar.write(new byte[] {1, 2, 3});
                tar.closeArchiveEntry();
            }
            try (var tar = new LayerTar(new ByteArrayInputStream(out.toByteArray()))) {
                assertThat(tar.getNextEntry().getName()).isEqualTo(name);
                assertThat(tar.readAllBytes()).containsExactly(1, 2, 3);
                assertThat(tar.getNextEntry()).isNull();
            }
        }
    }

    private static void refused(byte[] start, Endless rest) {
        assertThatThrownBy(
                        () -> {
                            try (var tar =
                                    new LayerTar(
                                            new SequenceInputStream(
                                                    new ByteArrayInputStream(start), rest))) {
                                while (tar.getNextEntry() != null) {
                                    tar.transferTo(OutputStream.nullOutputStream());
                                }
                            }
                        })
                .isInstanceOfSatisfying(
                        EvidenceException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.MALFORMED_LAYERS));
        assertThat(rest.given).isLessThan(LITTLE);
    }

    private static byte[] header(byte type, long size) {
        var entry = new TarArchiveEntry("name", type);
        entry.setSize(size);
        var header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    /// The same bytes over and over, up to a bound that no test comes to.
    private static final class Endless extends InputStream {

        private final byte[] bytes;
        private long given;

        Endless(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            read(one, 0, 1);
            return one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (given > 64L * LITTLE) {
                throw new IOException("expected to be read no further");
            }
            for (int i = 0; i < length; i++) {
                buffer[offset + i] = bytes[(int) (given++ % bytes.length)];
            }
            return length;
        }
    }
}
