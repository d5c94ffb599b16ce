package dev.casemate.proxy.policy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.Json;
import java.util.List;

final class PolicyFuzzTest {

    private static final Policy POLICY =
            Policy.read(
                    Json.object()
                            .put("actions", Json.object().put("pii.email", "block").build())
                            .build());

    @FuzzTest(maxDuration = "5s")
    void anyTextIsJudgedAndAStreamOfItLikeTheWhole(FuzzedDataProvider data) {
        var guard = POLICY.answerStream();
        var released = new StringBuilder();
        var text = new StringBuilder();
        while (data.remainingBytes() > 0 && text.length() < 20_000) {
            var delta = data.consumeString(data.consumeInt(0, 64));
            text.append(delta);
            released.append(guard.accept(delta));
            require(text.length() - released.length() <= 70_000, "what is held is bounded");
        }
        released.append(guard.end());
        var whole =
                POLICY.answer(
                        List.of(new Passage(Source.ASSISTANT, StreamGuard.PLACE, text.toString())));
        require(whole.equals(guard.verdict()), "one verdict for the whole and for the stream");
        if (whole.action() == Action.BLOCK) {
            require(text.toString().startsWith(released.toString()), "nothing was changed");
        } else {
            require(text.toString().contentEquals(released), "nothing was lost");
        }
        for (var source : Source.values()) {
            for (var finding :
                    POLICY.prompt(List.of(new Passage(source, "/x", text.toString()))).findings()) {
                require(finding.action() != Action.PASS, "a finding has an action");
            }
        }
    }

    private static void require(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError(claim);
        }
    }
}
