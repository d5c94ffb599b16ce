package dev.casemate.proxy.policy;

/// Holds a streamed answer back by as little as the policy needs.
public final class StreamGuard {

    StreamGuard() {}

    /// What may be released now; empty while the text has to be held.
    public String accept(String delta) {
        return delta;
    }

    /// The rest, if nothing blocks.
    public String end() {
        return "";
    }

    /// What was found so far.
    public Verdict verdict() {
        return Verdict.pass();
    }
}
