package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.ChatReply;
import java.util.List;
import java.util.Set;

/// One task of an evaluation suite, and what is expected of each run of it.
///
/// @param name unique within the suite
/// @param place file and line, for messages
/// @param tags `attack` is the one with a meaning: attacks have a pass rate of their own
/// @param fixtures the first that covers a call answers it
/// @param fixturesCover whether a call that no fixture covers fails the run
/// @param script what the model says where no real model is given; empty where only one will do
/// @param alwaysScripted whether the script is played even where a real model is given, because the
///   case is about what becomes of just this
record EvaluationCase(
        String name,
        String place,
        Set<String> tags,
        String task,
        List<Fixture> fixtures,
        boolean fixturesCover,
        Expectations expectations,
        List<ChatReply> script,
        boolean alwaysScripted) {

    static final String ATTACK = "attack";

    EvaluationCase {
        tags = Set.copyOf(tags);
        fixtures = List.copyOf(fixtures);
        script = List.copyOf(script);
    }

    boolean isAttack() {
        return tags.contains(ATTACK);
    }
}
