package dev.casemate.proxy.policy;

import dev.casemate.manifest.BoundedText;
import java.util.regex.Pattern;

/// A regular expression, tried at one place of a window that is short.
///
/// The JDK's engine backtracks, so a pattern is also bounded in work: one that reads its window
/// more than [#MAX_READS] times counts as matched. A rule that cannot be decided is decided against
/// the text.
final class PatternDetector implements Detector {

    static final int MAX_READS = 200_000;

    // How much more text to wait for before an undecided pattern is tried again; later half as much
    // again as there is, so that a window is not read more than a few times.
    private static final int STEP = 16;

    private final Pattern pattern;

    PatternDetector(Pattern pattern) {
        this.pattern = pattern;
    }

    // hitEnd says whether more text could change the answer, and this text does go on.
    @SuppressWarnings("JdkObsolete")
    @Override
    public int look(PlainText text, int start, int end, boolean complete) {
        int before = Math.min(2, start - text.from());
        var window = new BoundedText(text.text(start - before, end), MAX_READS);
        var matcher = pattern.matcher(window);
        matcher.region(before, end - start + before);
        matcher.useTransparentBounds(true);
        matcher.useAnchoringBounds(false);
        try {
            boolean matched = matcher.lookingAt();
            if (matcher.hitEnd() && !complete) {
                return end + Math.max(STEP, (end - start) / 2);
            }
            return matched ? Detector.yes(start - before + matcher.end()) : NO;
        } catch (BoundedText.Exhausted | StackOverflowError e) {
            return Detector.yes(end);
        }
    }
}
