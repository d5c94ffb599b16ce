package dev.casemate.proxy.policy;

import dev.casemate.proxy.policy.Rule.Form;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one text from its first character to its last, once, and collects which rules match.
///
/// Each character goes through [Fold] into three views of the text, all of them advanced at the
/// same time: as written ([TokenScan]), as words, and as letters only ([PhraseScan]). Runs that are
/// the encoding of a text are read by a scanner of their own, down to [#MAX_DEPTH]. As nothing is
/// ever read twice and nothing depends on where the text was cut into pieces, the verdict on a
/// stream is the verdict on the whole.
final class Scanner {

    /// How many encodings around each other are undone.
    static final int MAX_DEPTH = 2;

    /// So many invisible characters in a row are there to hide something. It also bounds how much a
    /// stream has to hold back: so many times what is visible.
    static final int MAX_INVISIBLE_RUN = 256;

    private static final int SENTENCE_WEIGHT = 8;

    /// A rule that matched.
    ///
    /// @param origin where in the text the match begins
    record Hit(int rule, int origin, String evidence) {}

    private final SourceRules rules;
    private final int depth;
    private final boolean[] known;
    private final List<Hit> hits = new ArrayList<>();
    private final TokenScan tokens;
    private final PhraseScan words;
    private final PhraseScan compact;
    private final Escapes outer;
    private final Escapes inner;
    private @Nullable Scanner nested;

    private boolean inGap;
    private boolean compactGap;
    private int invisible;
    private int invisibleFrom;
    private boolean blocked;

    Scanner(SourceRules rules) {
        this(rules, 0);
    }

    private Scanner(SourceRules rules, int depth) {
        this.rules = rules;
        this.depth = depth;
        known = new boolean[rules.rules.size()];
        var phraseSink =
                new PhraseScan.Sink() {
                    @Override
                    public boolean isKnown(int rule) {
                        return known[rule];
                    }

                    @Override
                    public void found(int rule, int origin, String evidence) {
                        add(rule, origin, evidence);
                    }
                };
        words = new PhraseScan(rules.words, rules.wordHolds, phraseSink);
        compact = new PhraseScan(rules.compact, rules.compactHolds, phraseSink);
        tokens = new TokenScan(rules, new Tokens(), depth < MAX_DEPTH);
        inner = new Escapes(this::letter);
        outer = new Escapes(this::unescaped);
        begin();
    }

    private final class Tokens implements TokenScan.Sink {
        @Override
        public boolean isKnown(int rule) {
            return known[rule];
        }

        @Override
        public void found(int rule, int origin, String last) {
            add(rule, origin, masked(rules.rules.get(rule), last));
        }

        @Override
        public boolean run(String run, int origin) {
            return nested(run, origin);
        }
    }

    /// Forgets the text before.
    void begin() {
        System.arraycopy(rules.inactive, 0, known, 0, known.length);
        hits.clear();
        tokens.clear();
        words.clear();
        compact.clear();
        inner.clear();
        outer.clear();
        inGap = true;
        compactGap = true;
        invisible = 0;
        blocked = false;
        words.feed(Fold.GAP, 0, false, true);
    }

    /// All of a text at once.
    List<Hit> scan(String text) {
        begin();
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            push(codePoint, i);
            i += Character.charCount(codePoint);
        }
        return end();
    }

    /// @param origin where the code point begins in the text
    void push(int codePoint, int origin) {
        char plain = Fold.plain(codePoint);
        if (plain == Fold.DROPPED) {
            invisible(origin);
            return;
        }
        invisible = 0;
        if (Fold.isExpansion(plain)) {
            var expansion = Fold.expansion(plain);
            for (int i = 0; i < expansion.length(); i++) {
                plain(expansion.charAt(i), origin);
            }
        } else {
            plain(plain, origin);
        }
    }

    /// Nothing follows. The hits are in the order of the rules.
    List<Hit> end() {
        outer.end();
        inner.end();
        if (!inGap) {
            words.feed(Fold.GAP, Integer.MAX_VALUE, false, true);
        }
        tokens.end();
        hits.sort(Comparator.comparingInt(Hit::rule));
        return List.copyOf(hits);
    }

    /// What was found up to here.
    List<Hit> hits() {
        return hits;
    }

    boolean isBlocked() {
        return blocked;
    }

    /// The place in the text from which on a blocking match may have begun; `limit` if nowhere.
    int hold(int limit) {
        int held = invisible > 0 ? Math.min(limit, invisibleFrom) : limit;
        held = inner.hold(outer.hold(held));
        return tokens.hold(words.hold(compact.hold(held)));
    }

    private void add(int rule, int origin, String evidence) {
        if (!known[rule]) {
            known[rule] = true;
            hits.add(new Hit(rule, origin, shortened(evidence)));
            blocked |= rules.blocks[rule];
        }
    }

    private static String shortened(String evidence) {
        return evidence.length() <= Finding.MAX_EVIDENCE_CHARS
                ? evidence
                : evidence.substring(0, Finding.MAX_EVIDENCE_CHARS - 1) + "…";
    }

    /// What may be shown: a rule's name, and the end of a secret or of personal data.
    private static String masked(Rule rule, String last) {
        var name = rule.id().substring(rule.id().indexOf('.') + 1);
        boolean tail = rule.category() == Category.PII || rule.category() == Category.SECRET;
        boolean isAddress =
                rule.match() instanceof Rule.Match.Known(var form) && form == Form.EMAIL;
        return tail && !isAddress && !last.isEmpty() ? name + " …" + last : name;
    }

    private void invisible(int origin) {
        if (invisible++ == 0) {
            invisibleFrom = origin;
        }
        var rule = rules.forms.get(Form.INVISIBLE);
        if (invisible > MAX_INVISIBLE_RUN && rule != null) {
            add(rule, invisibleFrom, masked(rules.rules.get(rule), ""));
        }
    }

    private void plain(char c, int origin) {
        tokens.accept(c, origin);
        if (Escapes.begins(c) || !outer.isIdle() || !inner.isIdle()) {
            outer.accept(c, origin);
        } else {
            letter(c, origin);
        }
    }

    /// One character after the first round of escapes.
    private void unescaped(int codePoint, int origin) {
        each(codePoint, origin, inner::accept);
    }

    private interface Characters {
        void accept(char c, int origin);
    }

    private static void each(int codePoint, int origin, Characters to) {
        char plain = Fold.plain(codePoint);
        if (Fold.isExpansion(plain)) {
            Fold.expansion(plain).chars().forEach(c -> to.accept((char) c, origin));
        } else if (plain != Fold.DROPPED) {
            to.accept(plain, origin);
        }
    }

    /// One character after the second round of escapes.
    private void letter(int codePoint, int origin) {
        if (codePoint < 0x80) {
            view((char) codePoint, origin);
        } else {
            each(codePoint, origin, this::view);
        }
    }

    private void view(char plain, int origin) {
        char word = Fold.word(plain);
        if (word != Fold.GAP) {
            words.feed(word, origin, false, false);
            inGap = false;
        } else {
            if (inGap) {
                words.skip(1);
            } else {
                words.feed(Fold.GAP, origin, false, true);
                inGap = true;
            }
            if (plain == '.' || plain == '!' || plain == '?') {
                words.skip(SENTENCE_WEIGHT);
            }
        }
        char letter = Fold.compact(plain);
        if (letter == Fold.DROPPED) {
            compact.skip(1);
            compactGap = true;
        } else {
            compact.feed(letter, origin, word != letter && word != 'l', compactGap);
            compactGap = false;
        }
    }

    private boolean nested(String run, int origin) {
        var decoded = Encodings.decode(run);
        if (decoded.isEmpty()) {
            return false;
        }
        if (nested == null) {
            nested = new Scanner(rules, depth + 1);
        }
        for (var hit : nested.scan(decoded.get().text())) {
            add(hit.rule(), origin, decoded.get().encoding() + ": " + hit.evidence());
        }
        return true;
    }
}
