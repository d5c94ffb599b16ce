package dev.casemate.proxy.policy;

import dev.casemate.proxy.policy.Rule.Form;
import dev.casemate.proxy.policy.Rule.Match.Anchored;
import dev.casemate.proxy.policy.Rule.Match.Known;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The rules that look at one source, made ready to be searched for together.
final class SourceRules {

    private static final int CARD_REACH = 40;
    private static final int SSN_REACH = 13;
    private static final int IBAN_REACH = 72;

    /// What to try at a place, and how far it may look.
    record Probe(int rule, Detector detector, int reach) {}

    final Source source;
    final List<Rule> rules;
    final boolean[] blocks;
    final boolean[] inactive;
    final boolean blocksAny;

    final PhraseIndex words;
    final PhraseIndex compact;
    final PhraseIndex.Holds wordHolds;
    final PhraseIndex.Holds compactHolds;

    final Automaton anchors;
    final BitSet anchorHolds;
    final int[] anchorLengths;
    final List<List<Probe>> probesOfAnchor;
    final List<Probe> numberProbes;
    final List<Probe> accountProbes;
    final Map<Form, Integer> forms;

    /// @param words of all rules, and `compact` likewise: they are large, and shared by the sources
    SourceRules(Source source, List<Rule> rules, PhraseIndex words, PhraseIndex compact) {
        this.source = source;
        this.rules = rules;
        this.words = words;
        this.compact = compact;
        blocks = new boolean[rules.size()];
        inactive = new boolean[rules.size()];
        boolean any = false;
        for (int r = 0; r < blocks.length; r++) {
            blocks[r] = action(r) == Action.BLOCK;
            inactive[r] = action(r) == Action.PASS;
            any |= blocks[r];
        }
        blocksAny = any;
        wordHolds = words.holds(blocks);
        compactHolds = compact.holds(blocks);
        Map<String, List<Probe>> byAnchor = new LinkedHashMap<>();
        forms = new EnumMap<>(Form.class);
        numberProbes = new ArrayList<>();
        accountProbes = new ArrayList<>();
        for (int r = 0; r < rules.size(); r++) {
            if (inactive[r]) {
                continue;
            }
            switch (rules.get(r).match()) {
                case Anchored(var texts, var pattern, var reach) -> {
                    var probe = new Probe(r, new PatternDetector(pattern), reach);
                    for (var text : texts) {
                        var anchor = text.toLowerCase(Locale.ROOT);
                        byAnchor.computeIfAbsent(anchor, _ -> new ArrayList<>()).add(probe);
                    }
                }
                case Known(var form) -> {
                    forms.put(form, r);
                    switch (form) {
                        case CARD -> numberProbes.add(new Probe(r, new CardNumber(), CARD_REACH));
                        case SSN ->
                                numberProbes.add(
                                        new Probe(r, new SocialSecurityNumber(), SSN_REACH));
                        case IBAN -> accountProbes.add(new Probe(r, new Iban(), IBAN_REACH));
                        case EMAIL, BLOB, INVISIBLE -> {}
                    }
                }
                case Rule.Match.Phrases _ -> {}
            }
        }
        var texts = List.copyOf(byAnchor.keySet());
        anchors = new Automaton(texts);
        anchorHolds =
                anchors.prefixes(
                        texts.stream()
                                .filter(text ->
                                        byAnchor.getOrDefault(text, List.of()).stream()
                                                .anyMatch(probe -> blocks[probe.rule()]))
                                .toList());
        anchorLengths = texts.stream().mapToInt(String::length).toArray();
        probesOfAnchor =
                texts.stream().map(byAnchor::get).map(Collections::unmodifiableList).toList();
    }

    Action action(int rule) {
        return rules.get(rule).actions().getOrDefault(source, Action.PASS);
    }

    boolean blocks(Form form) {
        var rule = forms.get(form);
        return rule != null && blocks[rule];
    }
}
