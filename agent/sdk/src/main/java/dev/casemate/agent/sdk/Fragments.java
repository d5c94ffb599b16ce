package dev.casemate.agent.sdk;

import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Short texts that are looked for in long ones: one pass over the long one for each length that
/// the short ones have, by a rolling hash (Rabin and Karp), and a comparison where the hash fits.
final class Fragments {

    private static final int FILTER_BITS = 20;
    private static final long BASE = 0x9E37_79B9_7F4A_7C15L;
    private static final long SPREAD = 0xBF58_476D_1CE4_E5B9L;

    /// The texts of one length.
    ///
    /// @param filter which hashes they have, so that few windows are cut out and looked up
    private record Group(Set<String> texts, BitSet filter) {}

    private final Map<Integer, Group> byLength = new TreeMap<>();

    Fragments(Collection<String> texts) {
        for (var text : texts) {
            var group =
                    byLength.computeIfAbsent(
                            text.length(), _ -> new Group(new HashSet<>(), new BitSet()));
            group.texts.add(text);
            group.filter.set(slot(hash(text)));
        }
    }

    boolean occurIn(String text) {
        return byLength.entrySet().stream()
                .anyMatch(of -> search(text, of.getKey(), of.getValue(), _ -> true));
    }

    /// Those that the text holds.
    Set<String> foundIn(String text) {
        var found = new HashSet<String>();
        byLength.forEach((length, group) ->
                search(
                        text,
                        length,
                        group,
                        fragment -> {
                            found.add(fragment);
                            return false;
                        }));
        return found;
    }

    /// @return whether the predicate ended the search
    private static boolean search(String text, int length, Group group, Predicate<String> ends) {
        long outgoing = 1;
        for (int i = 0; i < length; i++) {
            outgoing *= BASE;
        }
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * BASE + text.charAt(i);
            if (i >= length) {
                hash -= text.charAt(i - length) * outgoing;
            }
            if (i >= length - 1 && group.filter.get(slot(hash))) {
                var window = text.substring(i - length + 1, i + 1);
                if (group.texts.contains(window) && ends.test(window)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static long hash(String text) {
        long hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * BASE + text.charAt(i);
        }
        return hash;
    }

    private static int slot(long hash) {
        return (int) ((hash * SPREAD) >>> (Long.SIZE - FILTER_BITS));
    }
}
