package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// The tar of a layer, of which no part but the files' own contents can be large.
///
/// The reader that this extends keeps whole what stands before an entry: long names, extended
/// headers, lists of holes. Their sizes are written in the layer, and a few kilobytes of gzip can
/// hold a name of gigabytes.
final class LayerTar extends TarArchiveInputStream {

    /// The longest name or extended header.
    static final int MAX_HEADER_BYTES = 1 << 16;

    /// How the names of records about holes begin.
    private static final String SPARSE = "GNU.sparse";

    private int matched;

    LayerTar(InputStream layer) {
        super(layer);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        var entry = getCurrentEntry();
        boolean header = entry != null && isHeader(entry);
        if (header && entry.getSize() > MAX_HEADER_BYTES) {
            throw malformed();
        }
        int read = super.read(buffer, offset, length);
        for (int i = 0; header && i < read; i++) {
            requireNotSparse((char) (buffer[offset + i] & 0xff));
        }
        return read;
    }

    private static boolean isHeader(TarArchiveEntry entry) {
        return entry.isPaxHeader()
                || entry.isGlobalPaxHeader()
                || entry.isGNULongNameEntry()
                || entry.isGNULongLinkEntry();
    }

    /// No letter but the first begins the word anew, so that one place in it is enough to know.
    private void requireNotSparse(char next) {
        if (next == SPARSE.charAt(matched)) {
            matched++;
        } else {
            matched = next == SPARSE.charAt(0) ? 1 : 0;
        }
        if (matched == SPARSE.length()) {
            throw malformed();
        }
    }

    /// Once an entry with holes is at hand, the next record would be more of its list.
    @Override
    protected byte[] readRecord() throws IOException {
        var entry = getCurrentEntry();
        if (entry != null && entry.isSparse()) {
            throw malformed();
        }
        return super.readRecord();
    }

    private static EvidenceException malformed() {
        return new EvidenceException(
                Code.MALFORMED_LAYERS,
                "expected entries with names of at most "
                        + MAX_HEADER_BYTES
                        + " bytes, and files without holes");
    }
}
