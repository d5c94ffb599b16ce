package dev.casemate.proxy.policy;

import java.util.Arrays;

/// Follows the chains of a [PhraseIndex] through one text, character by character.
///
/// For each slot only the newest place is kept: whatever could go on from an older one can go on
/// from the newer, too.
final class PhraseScan {

    /// What is told of a chain that is complete.
    interface Sink {
        boolean isKnown(int rule);

        void found(int rule, int origin, String evidence);
    }

    private static final int NONE = Integer.MIN_VALUE / 2;
    // Longer than any phrase, with the gaps around it.
    private static final int RING = 256;
    private static final int MASK = RING - 1;
    private static final int MIN_SPLIT_LETTERS = 6;

    private final PhraseIndex index;
    private final PhraseIndex.Holds holds;
    private final Sink sink;

    private int state;
    private int count;
    private int distance;

    // The last characters: how far from the beginning, where in the original, how many so far were
    // imitated or set apart from the one before, and whether this one was.
    private final int[] distances = new int[RING];
    private final int[] origins = new int[RING];
    private final int[] imitated = new int[RING];
    private final int[] apart = new int[RING];
    private final boolean[] gaps = new boolean[RING];

    // By slot.
    private final int[] ends;
    private final int[] begins;
    private final int[] phraseBegins;
    private final boolean[] disguised;
    private final int[] phrases;

    PhraseScan(PhraseIndex index, PhraseIndex.Holds holds, Sink sink) {
        this.index = index;
        this.holds = holds;
        this.sink = sink;
        int slots = index.ruleOf.length;
        ends = new int[slots];
        begins = new int[slots];
        phraseBegins = new int[slots];
        disguised = new boolean[slots];
        phrases = new int[slots];
        clear();
    }

    void clear() {
        state = Automaton.ROOT;
        count = 0;
        distance = 0;
        imitated[MASK] = 0;
        apart[MASK] = 0;
        Arrays.fill(ends, NONE);
    }

    /// Something visible that this view does not show, or that widens what lies between.
    void skip(int characters) {
        distance += characters;
    }

    /// @param disguise whether the character is not what it looks like
    /// @param gap whether anything visible lies between it and the one before
    void feed(char c, int origin, boolean disguise, boolean gap) {
        int i = count & MASK;
        distances[i] = distance++;
        origins[i] = origin;
        gaps[i] = gap;
        imitated[i] = imitated[(count - 1) & MASK] + (disguise ? 1 : 0);
        apart[i] = apart[(count - 1) & MASK] + (gap ? 1 : 0);
        count++;
        state = index.automaton.step(state, c);
        for (int phrase : index.automaton.found(state)) {
            found(phrase);
        }
    }

    private void found(int phrase) {
        int length = index.letters[phrase];
        int last = (count - 1 - index.trail[phrase]) & MASK;
        int first = (count - length - index.trail[phrase]) & MASK;
        int begin = distances[first];
        int end = distances[last];
        if (end - begin >= index.span[phrase]) {
            return;
        }
        boolean inDisguise = index.compact && isDisguised(phrase, first, last);
        if (index.compact && !inDisguise && !gaps[first]) {
            return;
        }
        for (int slot : index.slots[phrase]) {
            if (!sink.isKnown(index.ruleOf[slot])) {
                advance(slot, phrase, begin, end, origins[first], inDisguise);
            }
        }
    }

    /// Whether letters are imitated, or set apart, more than words with gaps between them are.
    /// Short words come together by chance where one word ends and the next begins.
    private boolean isDisguised(int phrase, int first, int last) {
        int letters = index.letters[phrase];
        int inner = apart[last] - apart[first];
        boolean setApart =
                2 * inner >= letters - 1
                        || (letters >= MIN_SPLIT_LETTERS
                                && gaps[first]
                                && inner > index.inner[phrase]);
        return index.turned[phrase] || imitated[last] - imitated[first] > 0 || setApart;
    }

    private void advance(int slot, int phrase, int begin, int end, int origin, boolean inDisguise) {
        if (index.stepOf[slot] == 0) {
            begins[slot] = origin;
            disguised[slot] = inDisguise;
        } else {
            int before = slot - 1;
            boolean follows = ends[before] != NONE && begin > phraseBegins[before];
            if (!follows || begin - ends[before] - 1 > index.gapBefore[slot]) {
                return;
            }
            begins[slot] = begins[before];
            disguised[slot] = disguised[before] || inDisguise;
        }
        ends[slot] = end;
        phraseBegins[slot] = begin;
        phrases[slot] = phrase;
        if (index.isLast[slot] && (!index.compact || disguised[slot])) {
            sink.found(index.ruleOf[slot], begins[slot], evidence(slot));
        }
    }

    private String evidence(int slot) {
        var out = new StringBuilder();
        for (int s = slot - index.stepOf[slot]; s <= slot; s++) {
            out.append(out.isEmpty() ? "" : " … ").append(index.shown[phrases[s]]);
        }
        return out.toString();
    }

    /// The place in the original from which on a blocking match may have begun; `limit` if nowhere.
    int hold(int limit) {
        int held = limit;
        for (int at = state; at != Automaton.ROOT; at = index.automaton.shorter(at)) {
            int first = count - index.automaton.depth(at);
            if (!index.compact && first < count && isGap(first)) {
                first++;
            }
            if (first < count
                    && holds.leads().get(at)
                    && distance - distances[first & MASK] <= index.widestSpan) {
                held = Math.min(held, origins[first & MASK]);
                break;
            }
        }
        var slots = holds.slots();
        for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
            if (!index.isLast[slot]
                    && distance - ends[slot] <= index.aliveFor[slot] + 1
                    && !sink.isKnown(index.ruleOf[slot])) {
                held = Math.min(held, begins[slot]);
            }
        }
        return held;
    }

    private boolean isGap(int position) {
        return gaps[position & MASK];
    }
}
