package dev.casemate.proxy.policy;

import java.util.List;

/// Holds a streamed answer back by as little as the policy needs.
///
/// The text is read once, character by character, by the same scanner that reads whole texts, so
/// the verdict does not depend on where the stream was cut. What could still be the beginning of a
/// match that blocks is held; everything else is released at once.
///
/// What is promised:
/// - If nothing blocks, all that was released is the text, unchanged.
/// - When a match that blocks is complete, nothing from the beginning of that match on was
///   released.
/// - For a match inside of an encoding, the beginning is that of the encoded run, or of the
///   [#MAX_ENCODED_CHARS] that end where the match does, if the run is longer.
/// - At most [#MAX_WINDOW_CHARS] visible characters are held.
///
/// Rules that warn or log hold nothing back. Not thread-safe.
public final class StreamGuard {

    /// The most of an encoded run that is held.
    public static final int MAX_ENCODED_CHARS = TokenScan.MAX_RUN_CHARS;

    /// The most visible characters that are held: an encoded run, or the longest rule. Characters
    /// that nobody can see count for nothing, but at most 256 of them in a row pass.
    public static final int MAX_WINDOW_CHARS = 4096;

    /// JSON Pointer of the text in an answer that is put together from a stream.
    public static final String PLACE = "/choices/0/message/content";

    private final SourceRules rules;
    private final Scanner scanner;
    private final StringBuilder held = new StringBuilder();
    private int released;
    private int read;
    private boolean blocked;
    private boolean ended;

    StreamGuard(SourceRules rules) {
        this.rules = rules;
        scanner = new Scanner(rules);
    }

    /// What may be released now; empty while it has to be held, and for ever after a block.
    public String accept(String delta) {
        if (ended) {
            return "";
        }
        held.append(delta);
        int end = released + held.length();
        while (read < end) {
            char c = held.charAt(read - released);
            if (Character.isHighSurrogate(c)) {
                if (read + 1 == end) {
                    break;
                }
                int codePoint = Character.codePointAt(held, read - released);
                scanner.push(codePoint, read);
                read += Character.charCount(codePoint);
            } else {
                scanner.push(c, read++);
            }
        }
        return blocked() ? "" : release(scanner.hold(read));
    }

    /// The rest, if nothing blocks.
    public String end() {
        if (ended) {
            return "";
        }
        ended = true;
        if (read < released + held.length()) {
            scanner.push(held.charAt(read - released), read++);
        }
        scanner.end();
        return blocked() ? "" : release(read);
    }

    /// What was found so far; after [#end], what was found in all.
    public Verdict verdict() {
        var findings =
                scanner.hits().stream().map(hit -> Policy.finding(rules, hit, PLACE)).toList();
        return findings.isEmpty() ? Verdict.pass() : new Verdict(List.copyOf(findings));
    }

    private boolean blocked() {
        if (!blocked && scanner.isBlocked()) {
            blocked = true;
        }
        if (blocked) {
            // Read on for the verdict, but nothing of it is needed any more.
            int gone = read - released;
            held.delete(0, gone);
            released += gone;
        }
        return blocked;
    }

    private String release(int limit) {
        if (limit <= released) {
            return "";
        }
        var text = held.substring(0, limit - released);
        held.delete(0, limit - released);
        released = limit;
        return text;
    }
}
