package dev.casemate.proxy.policy;

import dev.casemate.manifest.Json;
import java.util.List;

/// The first tier: fixed rules over every text that a model reads or says.
public final class Policy {

    private Policy() {}

    /// The rules that ship with Casemate.
    public static Policy defaults() {
        return new Policy();
    }

    /// An organisation's own document, on top of the defaults.
    ///
    /// @throws PolicyException naming the place
    public static Policy read(Json.Obj document) {
        return defaults();
    }

    /// The digest of the effective rules.
    public String version() {
        return "";
    }

    /// Everything that the model will read.
    public Verdict prompt(List<Passage> passages) {
        return Verdict.pass();
    }

    /// Everything that the model said.
    public Verdict answer(List<Passage> passages) {
        return Verdict.pass();
    }

    /// A guard for one streamed answer; not thread-safe.
    public StreamGuard answerStream() {
        return new StreamGuard();
    }
}
