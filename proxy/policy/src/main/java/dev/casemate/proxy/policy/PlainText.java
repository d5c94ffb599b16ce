package dev.casemate.proxy.policy;

/// The end of a text in its plain form ([Fold#plain]), with the place in the original of each
/// character. Positions count from the beginning of the text; what lies before [#from] is
/// forgotten.
final class PlainText {

    private static final int INITIAL_CHARS = 1024;

    private char[] chars = new char[INITIAL_CHARS];
    private int[] origins = new int[INITIAL_CHARS];
    private int from;
    private int end;

    void clear() {
        from = 0;
        end = 0;
    }

    /// Asks [#makeRoom] first when [#isFull].
    void append(char c, int origin) {
        chars[end - from] = c;
        origins[end - from] = origin;
        end++;
    }

    boolean isFull() {
        return end - from == chars.length;
    }

    /// Forgets what lies before a position, and grows if that leaves little room: so that the cost
    /// of moving stays a constant for each character.
    void makeRoom(int keepFrom) {
        int cut = Math.clamp(keepFrom, from, end) - from;
        int kept = end - from - cut;
        int length = kept > chars.length / 2 ? chars.length * 2 : chars.length;
        var movedChars = new char[length];
        var movedOrigins = new int[length];
        System.arraycopy(chars, cut, movedChars, 0, kept);
        System.arraycopy(origins, cut, movedOrigins, 0, kept);
        chars = movedChars;
        origins = movedOrigins;
        from += cut;
    }

    int from() {
        return from;
    }

    int end() {
        return end;
    }

    /// The character at a position; a line break before the beginning and after the end.
    char at(int position) {
        return position < from || position >= end ? '\n' : chars[position - from];
    }

    int origin(int position) {
        return origins[position - from];
    }

    String text(int start, int stop) {
        return new String(chars, start - from, stop - start);
    }
}
