package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.ToolCall;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads what the model says in a case where no real model is given.
final class ScriptReader {

    private static final int MAX_REPEATS = 1_000;
    private static final int MAX_REPLIES = 10_000;

    private static final Map<String, ChatReply.Failure> FAILURES = failures();

    private final List<ChatReply> replies = new ArrayList<>();
    private int calls;

    private ScriptReader() {}

    private static Map<String, ChatReply.Failure> failures() {
        var words = new TreeMap<String, ChatReply.Failure>();
        for (var failure : ChatReply.Failure.values()) {
            words.put(failure.name().toLowerCase(Locale.ROOT), failure);
        }
        return words;
    }

    static List<ChatReply> script(Yaml.Mapping keys) {
        var reader = new ScriptReader();
        keys.find("script").ifPresent(yaml -> yaml.list(reader::step));
        return reader.replies;
    }

    static boolean alwaysScripted(Yaml.Mapping keys, List<ChatReply> script) {
        var always = keys.find("alwaysScripted");
        boolean wanted = always.map(yaml -> yaml.json().equals(new Json.Bool(true))).orElse(false);
        if (always.isPresent() && (!wanted || script.isEmpty())) {
            throw always.get().refuse(Code.INVALID_VALUE, "true, and a script");
        }
        return wanted;
    }

    private Yaml step(Yaml yaml) {
        return yaml.mapping(keys -> {
            int times = keys.find("times").map(it -> (int) it.whole(1, MAX_REPEATS)).orElse(1);
            if (replies.size() + times > MAX_REPLIES) {
                throw yaml.refuse(Code.INVALID_VALUE, "at most " + MAX_REPLIES + " replies");
            }
            for (int i = 0; i < times; i++) {
                replies.add(reply(keys));
            }
            return yaml;
        });
    }

    private ChatReply reply(Yaml.Mapping keys) {
        var refusal = keys.find("refuse");
        var failure = keys.find("fail");
        var said = keys.find("say").map(Yaml::string);
        var calls = new ArrayList<ToolCall>();
        if (keys.find("call").isPresent()) {
            calls.add(call(keys));
        }
        calls.addAll(keys.items("calls", yaml -> yaml.mapping(this::call)));
        boolean answers = said.isPresent() || !calls.isEmpty();
        if ((answers ? 1 : 0) + (refusal.isPresent() ? 1 : 0) + (failure.isPresent() ? 1 : 0)
                != 1) {
            throw keys.whole()
                    .refuse(Code.INVALID_VALUE, "one of say and call or calls, refuse, fail");
        }
        if (refusal.isPresent()) {
            return refusal.get().mapping(ScriptReader::refused);
        }
        if (failure.isPresent()) {
            return new ChatReply.Failed(failure.get().choice(FAILURES), "as the script says");
        }
        return new ChatReply.Answer(said, calls, Optional.of(ScriptedModel.USAGE));
    }

    private ToolCall call(Yaml.Mapping keys) {
        var arguments =
                keys.find("arguments")
                        .map(yaml -> yaml.isText() ? yaml.text() : yaml.json().text())
                        .orElse("{}");
        return new ToolCall("call-" + ++calls, keys.take("call").text(), arguments);
    }

    private static ChatReply refused(Yaml.Mapping keys) {
        return new ChatReply.Refused(
                (int) keys.take("status").whole(400, 499),
                keys.take("code").string(),
                "as the script says",
                Optional.empty());
    }
}
