package dev.casemate.proxy.policy;

import dev.casemate.proxy.policy.Rule.Form;
import dev.casemate.proxy.policy.SourceRules.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Looks at a text as it is written: anchors with patterns behind them, numbers, accounts,
/// addresses, and runs that may be an encoding of something else.
///
/// A probe is opened where something may begin, and closed as soon as it is decided.
final class TokenScan {

    /// The longest piece of an encoded run that is decoded at once; a longer one is taken in pieces
    /// that overlap.
    static final int MAX_RUN_CHARS = 2048;

    /// How much of a piece is decoded again with the next: a match of half as many characters
    /// inside of a long run is found wherever the pieces are cut.
    static final int RUN_OVERLAP_CHARS = 1024;

    // Twelve bytes: less cannot hold a phrase.
    private static final int MIN_RUN_CHARS = 16;
    private static final int MIN_BLOB_CHARS = 256;
    private static final int MIN_WRAPPED_LINE_CHARS = 60;
    private static final int MAX_LOCAL_PART_CHARS = 64;
    private static final int EMAIL_REACH = 256;
    private static final int LOOK_BEHIND_CHARS = 80;
    private static final int ACCOUNT_HEAD_CHARS = 4;
    private static final int NOBODY = -1;

    // With so many undecided at once each is looked at only when its window is full, so that a text
    // made of beginnings costs one look for each.
    private static final int CROWDED = 16;

    private static final PatternDetector EMAIL =
            new PatternDetector(
                    Pattern.compile(
                            "[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9])"));

    /// What is told of what was found.
    interface Sink {
        boolean isKnown(int rule);

        void found(int rule, int origin, String last);

        /// A run of base64 or hexadecimal digits.
        ///
        /// @return whether it was the encoding of a text
        boolean run(String run, int origin);
    }

    private static final class Open {
        final Probe probe;
        final int start;
        int next;

        Open(Probe probe, int start, int next) {
            this.probe = probe;
            this.start = start;
            this.next = next;
        }
    }

    private final SourceRules rules;
    private final Sink sink;
    private final boolean decodes;
    private final PlainText text = new PlainText();
    private final List<Open> open = new ArrayList<>();
    private int state;
    private int due;
    private int runStart;
    private int lineStart;
    private int mailStart;

    /// @param decodes whether encoded runs are of interest
    TokenScan(SourceRules rules, Sink sink, boolean decodes) {
        this.rules = rules;
        this.sink = sink;
        this.decodes = decodes;
        clear();
    }

    void clear() {
        text.clear();
        open.clear();
        state = Automaton.ROOT;
        due = Integer.MAX_VALUE;
        runStart = NOBODY;
        lineStart = 0;
        mailStart = NOBODY;
    }

    void accept(char c, int origin) {
        if (text.isFull()) {
            text.makeRoom(needed());
        }
        int at = text.end();
        text.append(c, origin);
        if (decodes) {
            run(c, at);
        }
        if (c <= '9' && Detector.isDigit(c)) {
            number(at);
        } else if (c == '@') {
            address(at);
        }
        if (!isLocal(c)) {
            mailStart = NOBODY;
        } else if (mailStart == NOBODY) {
            mailStart = at;
        }
        state = rules.anchors.step(state, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        for (int anchor : rules.anchors.found(state)) {
            int start = at + 1 - rules.anchorLengths[anchor];
            for (var probe : rules.probesOfAnchor.get(anchor)) {
                open(probe, start, at + 1);
            }
        }
        if (text.end() >= due) {
            look(false);
        }
    }

    void end() {
        if (runStart != NOBODY) {
            endRun(text.end());
        }
        look(true);
    }

    private void open(Probe probe, int start, int next) {
        if (!sink.isKnown(probe.rule())) {
            int first = open.size() < CROWDED ? next : start + probe.reach();
            open.add(new Open(probe, start, first));
            due = Math.min(due, first);
        }
    }

    private void look(boolean complete) {
        due = Integer.MAX_VALUE;
        int kept = 0;
        for (int i = 0; i < open.size(); i++) {
            var probe = open.get(i);
            if (isStillOpen(probe, complete)) {
                due = Math.min(due, probe.next);
                open.set(kept++, probe);
            }
        }
        open.subList(kept, open.size()).clear();
    }

    private boolean isStillOpen(Open open, boolean complete) {
        int rule = open.probe.rule();
        if (sink.isKnown(rule)) {
            return false;
        }
        if (!complete && text.end() < open.next) {
            return true;
        }
        int limit = open.start + open.probe.reach();
        int end = Math.min(text.end(), limit);
        int answer =
                open.probe.detector().look(text, open.start, end, complete || text.end() >= limit);
        if (Detector.isYes(answer)) {
            sink.found(rule, text.origin(open.start), last(open.start, Detector.stop(answer)));
            return false;
        }
        open.next = this.open.size() < CROWDED ? Math.min(answer, limit) : limit;
        return answer != Detector.NO;
    }

    /// The last four letters or digits, which is what may be shown of a secret.
    private String last(int start, int stop) {
        var shown = new StringBuilder();
        int hidden = 0;
        for (int i = stop - 1; i >= start; i--) {
            if (Detector.isAlphanumeric(text.at(i))) {
                if (shown.length() < 4) {
                    shown.append(text.at(i));
                } else {
                    hidden++;
                }
            }
        }
        return hidden < 4 ? "" : shown.reverse().toString();
    }

    private void number(int at) {
        if (!Detector.isAlphanumeric(text.at(at - 1))) {
            for (var probe : rules.numberProbes) {
                open(probe, at, at + 2);
            }
        } else if (Detector.isDigit(text.at(at - 1))
                && Detector.isLetter(text.at(at - 2))
                && Detector.isLetter(text.at(at - 3))
                && !Detector.isAlphanumeric(text.at(at - ACCOUNT_HEAD_CHARS))) {
            for (var probe : rules.accountProbes) {
                open(probe, at - 3, at + 1);
            }
        }
    }

    private void address(int at) {
        var rule = rules.forms.get(Form.EMAIL);
        if (rule != null && mailStart != NOBODY) {
            int start = Math.max(mailStart, at - MAX_LOCAL_PART_CHARS);
            open(new Probe(rule, EMAIL, EMAIL_REACH), start, at + 4);
        }
    }

    private static boolean isLocal(char c) {
        return Detector.isAlphanumeric(c)
                || c == '.'
                || c == '_'
                || c == '%'
                || c == '+'
                || c == '-';
    }

    private static boolean isRun(char c) {
        return Detector.isAlphanumeric(c)
                || c == '+'
                || c == '/'
                || c == '='
                || c == '_'
                || c == '-';
    }

    private void run(char c, int at) {
        if (isRun(c)) {
            if (runStart == NOBODY) {
                runStart = at;
                lineStart = at;
            } else if (at - runStart >= MAX_RUN_CHARS) {
                decode(at);
                runStart = overlap(at);
            }
            if (text.at(at - 1) == '\n' || text.at(at - 1) == '\r') {
                lineStart = at;
            }
        } else if (runStart != NOBODY && !isWrap(c, at)) {
            endRun(at);
        }
    }

    /// Whether a line of an encoded run ends here, rather than the run.
    private boolean isWrap(char c, int at) {
        boolean isWhole = at - lineStart >= MIN_WRAPPED_LINE_CHARS && (at - lineStart) % 4 == 0;
        boolean endsLine = (c == '\n' || c == '\r') && isRun(text.at(at - 1)) && isWhole;
        return endsLine || (c == '\n' && text.at(at - 1) == '\r');
    }

    private void endRun(int end) {
        if (end - runStart >= MIN_RUN_CHARS) {
            decode(end);
        }
        runStart = NOBODY;
    }

    private void decode(int end) {
        var run = text.text(runStart, end);
        int origin = text.origin(runStart);
        boolean isText = sink.run(run, origin);
        var rule = rules.forms.get(Form.BLOB);
        if (!isText && rule != null && run.length() >= MIN_BLOB_CHARS && !sink.isKnown(rule)) {
            sink.found(rule, origin, "");
        }
    }

    /// Where the next piece of a long run begins: a multiple of four digits before the end.
    private int overlap(int end) {
        int digits = 0;
        for (int i = runStart; i < end; i++) {
            digits += isRun(text.at(i)) ? 1 : 0;
        }
        int skip = (digits - RUN_OVERLAP_CHARS) / 4 * 4;
        int at = runStart;
        for (int passed = 0; passed < skip; at++) {
            passed += isRun(text.at(at)) ? 1 : 0;
        }
        return at;
    }

    /// The first position that may still be looked at.
    private int needed() {
        int from = text.end() - LOOK_BEHIND_CHARS;
        for (var probe : open) {
            from = Math.min(from, probe.start - 2);
        }
        return runStart == NOBODY ? from : Math.min(from, runStart);
    }

    /// The place in the original from which on a blocking match may have begun; `limit` if nowhere.
    int hold(int limit) {
        if (!rules.blocksAny || text.end() == text.from()) {
            return limit;
        }
        int from = text.end();
        for (var probe : open) {
            if (rules.blocks[probe.probe.rule()]) {
                from = Math.min(from, probe.start);
            }
        }
        if (runStart != NOBODY) {
            from = Math.min(from, runStart);
        }
        if (mailStart != NOBODY && rules.blocks(Form.EMAIL)) {
            from = Math.min(from, Math.max(mailStart, text.end() - MAX_LOCAL_PART_CHARS));
        }
        from = Math.min(from, Math.min(accountHead(), anchorHead()));
        return from < text.end() ? Math.min(limit, text.origin(from)) : limit;
    }

    private int anchorHead() {
        for (int at = state; at != Automaton.ROOT; at = rules.anchors.shorter(at)) {
            if (rules.anchorHolds.get(at)) {
                return text.end() - rules.anchors.depth(at);
            }
        }
        return text.end();
    }

    /// Whether the text ends with what could become two letters and two digits.
    private int accountHead() {
        if (!rules.blocks(Form.IBAN)) {
            return text.end();
        }
        int start = text.end();
        while (start > text.end() - ACCOUNT_HEAD_CHARS
                && Detector.isAlphanumeric(text.at(start - 1))) {
            start--;
        }
        boolean isShort = text.end() - start < ACCOUNT_HEAD_CHARS;
        return isShort && start < text.end() && Detector.isLetter(text.at(start))
                ? start
                : text.end();
    }
}
