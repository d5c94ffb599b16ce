package dev.casemate.proxy.policy;

import dev.casemate.proxy.policy.Rule.Match.Phrases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// The phrases of all rules of one source, as one view of a text shows them.
///
/// A *chain* is a rule's sequence of steps; a *slot* is one step of one chain. Rules that are
/// looked for in several disguises (plain, rotated by 13, reversed) have several chains.
final class PhraseIndex {

    /// How many more characters than its own a phrase may stretch over, for what stands between
    /// words.
    static final int WORD_SLACK = 32;

    /// In the compact view up to this many characters for each letter.
    static final int COMPACT_STRETCH = 5;

    private static final int MIN_COMPACT_LETTERS = 3;
    private static final int MIN_COMPACT_ALONE = 6;
    private static final int MIN_TURNED_LETTERS = 4;

    final boolean compact;
    final Automaton automaton;
    private final List<String> texts;

    // By phrase.
    final String[] shown;
    final int[] letters;
    final int[] inner;
    final int[] trail;
    final int[] span;
    final int[][] slots;
    final boolean[] turned;

    final int widestSpan;

    // By slot.
    final int[] ruleOf;
    final int[] stepOf;
    final boolean[] isLast;
    final int[] gapBefore;
    final int[] aliveFor;

    /// @param shown as the rule has it
    private record Phrase(String text, String shown, boolean turned) {}

    private record Chain(int rule, List<List<Phrase>> steps, List<Integer> gaps) {}

    /// The words as they stand.
    static PhraseIndex words(List<Rule> rules) {
        var chains = new ArrayList<Chain>();
        for (int r = 0; r < rules.size(); r++) {
            if (rules.get(r).match() instanceof Phrases(var steps, var gaps)) {
                chains.add(new Chain(r, each(steps, PhraseIndex::bounded, 1, false), gaps));
            }
        }
        return new PhraseIndex(false, chains);
    }

    /// Letters only, imitations undone; also each phrase rotated by 13, and reversed.
    static PhraseIndex compact(List<Rule> rules) {
        var chains = new ArrayList<Chain>();
        for (int r = 0; r < rules.size(); r++) {
            if (!(rules.get(r).match() instanceof Phrases(var steps, var gaps))) {
                continue;
            }
            boolean alone = steps.size() == 1;
            int letters = alone ? MIN_COMPACT_ALONE : MIN_COMPACT_LETTERS;
            int turnedLetters = alone ? MIN_COMPACT_ALONE : MIN_TURNED_LETTERS;
            add(chains, new Chain(r, each(steps, PhraseIndex::joined, letters, false), gaps));
            add(
                    chains,
                    new Chain(r, each(steps, t -> joined(rotated(t)), turnedLetters, true), gaps));
            add(
                    chains,
                    new Chain(
                            r,
                            each(steps, t -> joined(reversed(t)), turnedLetters, true).reversed(),
                            gaps.reversed()));
        }
        return new PhraseIndex(true, chains);
    }

    private static void add(List<Chain> chains, Chain chain) {
        if (chain.steps().stream().noneMatch(List::isEmpty)) {
            chains.add(chain);
        }
    }

    private static List<List<Phrase>> each(
            List<List<String>> steps, UnaryOperator<String> form, int letters, boolean turned) {
        var all = new ArrayList<List<Phrase>>();
        for (var step : steps) {
            all.add(
                    step.stream()
                            .map(text -> new Phrase(form.apply(text), text, turned))
                            .filter(phrase -> phrase.text().length() >= letters)
                            .distinct()
                            .toList());
        }
        return all;
    }

    /// `word` with the gaps around it; none where `*` stands, or where a script has no gaps.
    private static String bounded(String phrase) {
        if (phrase.codePoints().anyMatch(PhraseIndex::isWrittenWithoutGaps)) {
            return phrase.replace("*", "");
        }
        return phrase.endsWith("*")
                ? Fold.GAP + phrase.substring(0, phrase.length() - 1)
                : Fold.GAP + phrase + Fold.GAP;
    }

    private static boolean isWrittenWithoutGaps(int codePoint) {
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    private static String joined(String phrase) {
        var out = new StringBuilder();
        for (int i = 0; i < phrase.length(); i++) {
            char c = phrase.charAt(i);
            if (c != Fold.GAP && c != '*' && Fold.compact(c) != Fold.DROPPED) {
                out.append(Fold.compact(c));
            }
        }
        return out.toString();
    }

    private static String rotated(String phrase) {
        var out = new StringBuilder();
        for (int i = 0; i < phrase.length(); i++) {
            char c = phrase.charAt(i);
            out.append(c >= 'a' && c <= 'z' ? (char) ('a' + (c - 'a' + 13) % 26) : c);
        }
        return out.toString();
    }

    private static String reversed(String phrase) {
        return new StringBuilder(phrase).reverse().toString();
    }

    private PhraseIndex(boolean compact, List<Chain> chains) {
        this.compact = compact;
        int count = chains.stream().mapToInt(chain -> chain.steps().size()).sum();
        ruleOf = new int[count];
        stepOf = new int[count];
        isLast = new boolean[count];
        gapBefore = new int[count];
        aliveFor = new int[count];
        Map<Phrase, List<Integer>> slotsOf = new LinkedHashMap<>();
        int slot = 0;
        for (var chain : chains) {
            for (int step = 0; step < chain.steps().size(); step++, slot++) {
                ruleOf[slot] = chain.rule();
                stepOf[slot] = step;
                isLast[slot] = step == chain.steps().size() - 1;
                gapBefore[slot] = step == 0 ? 0 : chain.gaps().get(step - 1);
                if (!isLast[slot]) {
                    aliveFor[slot] = chain.gaps().get(step) + widest(chain.steps().get(step + 1));
                }
                for (var phrase : chain.steps().get(step)) {
                    slotsOf.computeIfAbsent(phrase, _ -> new ArrayList<>()).add(slot);
                }
            }
        }
        var phrases = List.copyOf(slotsOf.keySet());
        texts = phrases.stream().map(Phrase::text).toList();
        automaton = new Automaton(texts);
        shown = new String[phrases.size()];
        letters = new int[phrases.size()];
        inner = new int[phrases.size()];
        trail = new int[phrases.size()];
        span = new int[phrases.size()];
        slots = new int[phrases.size()][];
        turned = new boolean[phrases.size()];
        for (int i = 0; i < shown.length; i++) {
            var phrase = phrases.get(i);
            shown[i] = phrase.shown();
            inner[i] = (int) phrase.shown().chars().filter(c -> c == Fold.GAP).count();
            letters[i] = phrase.text().strip().length();
            trail[i] = phrase.text().charAt(phrase.text().length() - 1) == Fold.GAP ? 1 : 0;
            span[i] = span(phrase.text().length());
            turned[i] = phrase.turned();
            // A later step first: a phrase must not be its own predecessor.
            slots[i] =
                    Objects.requireNonNull(slotsOf.get(phrase)).stream()
                            .sorted(Comparator.comparingInt((Integer s) -> -stepOf[s]))
                            .mapToInt(Integer::intValue)
                            .toArray();
        }
        widestSpan = Arrays.stream(span).max().orElse(0);
    }

    /// Where a match of a rule that blocks may have begun: which states remember the beginning of a
    /// phrase that begins one, and which slots belong to one.
    record Holds(BitSet leads, BitSet slots) {}

    Holds holds(boolean[] blocks) {
        var blocking = new BitSet();
        for (int slot = 0; slot < ruleOf.length; slot++) {
            blocking.set(slot, blocks[ruleOf[slot]]);
        }
        var beginning = new ArrayList<String>();
        for (int phrase = 0; phrase < slots.length; phrase++) {
            if (Arrays.stream(slots[phrase]).anyMatch(s -> stepOf[s] == 0 && blocking.get(s))) {
                beginning.add(texts.get(phrase));
            }
        }
        return new Holds(automaton.prefixes(beginning), blocking);
    }

    private int widest(List<Phrase> phrases) {
        return span(phrases.stream().mapToInt(phrase -> phrase.text().length()).max().orElse(0));
    }

    /// The most visible characters over which a phrase of this length may stretch.
    int span(int length) {
        return compact ? length * COMPACT_STRETCH : length + WORD_SLACK;
    }
}
