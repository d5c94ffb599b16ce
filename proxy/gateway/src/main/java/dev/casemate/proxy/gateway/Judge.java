package dev.casemate.proxy.gateway;

import dev.casemate.proxy.policy.Action;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Policy;
import dev.casemate.proxy.policy.Verdict;
import java.util.List;
import java.util.Optional;

/// What the policy says of an exchange, turned into whether it goes on.
final class Judge {

    static final String ANSWER_BLOCKED =
            "the policy blocks this answer; the exchange's record names the rule";

    static final String ILLEGAL_TOOL_CALL =
            "the model called a tool that the manifest does not have, or without an object as"
                    + " arguments";

    private final Policy policy;

    Judge(Policy policy) {
        this.policy = policy;
    }

    Policy policy() {
        return policy;
    }

    /// @throws GatewayException `POLICY_BLOCKED`
    Verdict prompt(List<Passage> passages) {
        var verdict = policy.prompt(passages);
        if (verdict.action() == Action.BLOCK) {
            var places =
                    verdict.findings().stream()
                            .filter(finding -> finding.action() == Action.BLOCK)
                            .map(finding -> finding.rule() + " at " + finding.place())
                            .distinct()
                            .limit(4)
                            .toList();
            throw GatewayException.blocked(
                    "the policy blocks this prompt: " + String.join(", ", places), verdict);
        }
        return verdict;
    }

    /// Holds a whole answer: legal tool calls first, then what the policy says of every text.
    Ruling answer(ModelAnswer answer, ManifestGate gate) {
        return rule(answer, gate, policy.answer(answer.passages()));
    }

    /// Holds the end of a streamed answer, whose text went by the guards.
    Ruling streamed(ModelAnswer answer, ManifestGate gate, Verdict guards) {
        return rule(answer, gate, guards.plus(policy.answer(answer.heldPassages())));
    }

    private static Ruling rule(ModelAnswer answer, ManifestGate gate, Verdict verdict) {
        if (!gate.isLegal(answer.toolCalls())) {
            return new Ruling(
                    verdict,
                    Optional.of(
                            new GatewayException(ErrorCode.ILLEGAL_TOOL_CALL, ILLEGAL_TOOL_CALL)));
        } else if (verdict.action() == Action.BLOCK) {
            return new Ruling(
                    verdict,
                    Optional.of(new GatewayException(ErrorCode.ANSWER_BLOCKED, ANSWER_BLOCKED)));
        }
        return new Ruling(verdict, Optional.empty());
    }

    /// @param refusal why the answer does not leave; empty if it does
    record Ruling(Verdict verdict, Optional<GatewayException> refusal) {}
}
