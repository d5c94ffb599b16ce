package dev.casemate.proxy.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Finds any number of words in one pass, one table look-up for each character.
///
/// Source: Aho and Corasick, "Efficient string matching", CACM 18(6), 1975; here with the
/// transitions of failures filled in, so that there is exactly one step per character.
final class Automaton {

    static final int ROOT = 0;

    // Class 0 is every character that no word has.
    private final short[] classOf = new short[0x10000];
    private final int classes;
    private final int[] next;
    private final int[] failure;
    private final int[] depth;
    private final int[][] found;

    /// @param words each at least one character; its index in the list is what is found
    Automaton(List<String> words) {
        int symbols = 1;
        for (var word : words) {
            for (int i = 0; i < word.length(); i++) {
                if (classOf[word.charAt(i)] == 0) {
                    classOf[word.charAt(i)] = (short) symbols++;
                }
            }
        }
        classes = symbols;
        int size = 1 + words.stream().mapToInt(String::length).sum();
        var trie = new int[size * classes];
        var depths = new int[size];
        var ends = new ArrayList<List<Integer>>();
        ends.add(new ArrayList<>());
        for (int w = 0; w < words.size(); w++) {
            int node = ROOT;
            for (char c : words.get(w).toCharArray()) {
                int edge = node * classes + classOf[c];
                if (trie[edge] == 0) {
                    trie[edge] = ends.size();
                    depths[ends.size()] = depths[node] + 1;
                    ends.add(new ArrayList<>());
                }
                node = trie[edge];
            }
            ends.get(node).add(w);
        }
        next = Arrays.copyOf(trie, ends.size() * classes);
        failure = new int[ends.size()];
        depth = depths;
        connect(ends);
        found = new int[ends.size()][];
        for (int i = 0; i < found.length; i++) {
            found[i] = ends.get(i).stream().mapToInt(Integer::intValue).toArray();
        }
    }

    private void connect(List<List<Integer>> ends) {
        var queue = new ArrayDeque<Integer>();
        for (int c = 0; c < classes; c++) {
            if (next[c] != ROOT) {
                queue.add(next[c]);
            }
        }
        while (!queue.isEmpty()) {
            int node = queue.remove();
            // A longer word first: its beginning is the earlier one.
            ends.get(node).addAll(ends.get(failure[node]));
            for (int c = 0; c < classes; c++) {
                int edge = node * classes + c;
                int onFailure = next[failure[node] * classes + c];
                if (next[edge] == 0) {
                    next[edge] = onFailure;
                } else {
                    failure[next[edge]] = onFailure;
                    queue.add(next[edge]);
                }
            }
        }
    }

    /// The state after one more character.
    int step(int state, char c) {
        return next[state * classes + classOf[c]];
    }

    /// The words that end in this state, the longest first; not to be written to.
    int[] found(int state) {
        return found[state];
    }

    /// How many of the last characters this state remembers.
    int depth(int state) {
        return depth[state];
    }

    /// The states that remember the beginning of one of these words, which must be its own.
    BitSet prefixes(List<String> words) {
        var states = new BitSet();
        for (var word : words) {
            int state = ROOT;
            for (int i = 0; i < word.length(); i++) {
                state = step(state, word.charAt(i));
                states.set(state);
            }
        }
        return states;
    }

    /// The state that remembers the next shorter end of the same characters.
    int shorter(int state) {
        return failure[state];
    }
}
