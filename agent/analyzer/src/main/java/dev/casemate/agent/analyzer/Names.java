package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.MethodFacts.Call;
import java.util.HashMap;
import java.util.Map;

/// Keeps one of each name while a jar is read: the same few thousand stand in millions of places.
final class Names {

    private final Map<String, String> texts = new HashMap<>();
    private final Map<MethodId, MethodId> methods = new HashMap<>();
    private final Map<Call, Call> calls = new HashMap<>();

    String text(String text) {
        return texts.computeIfAbsent(text, same -> same);
    }

    MethodId method(String owner, String name, String descriptor) {
        var method = new MethodId(owner, name, descriptor);
        var known = methods.get(method);
        if (known != null) {
            return known;
        }
        var kept = new MethodId(text(owner), text(method.signature()));
        methods.put(kept, kept);
        return kept;
    }

    Call call(MethodId target, boolean virtual) {
        return calls.computeIfAbsent(new Call(target, virtual), same -> same);
    }
}
