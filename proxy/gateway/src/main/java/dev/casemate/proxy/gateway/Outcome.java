package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Usage;
import dev.casemate.proxy.policy.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How an exchange that had left, or was about to leave, ended.
///
/// @param error what the agent gets instead of the answer; empty if it gets the answer
/// @param billable whether the upstream may charge for it: not if it never got or refused it
/// @param response what the upstream said, as far as it came
/// @param outputBytes of text that the model wrote, where that is known; for estimates
/// @param usage as the upstream reported it
record Outcome(
        Ending ending,
        Optional<GatewayException> error,
        boolean billable,
        Optional<Json> response,
        Optional<Long> outputBytes,
        Optional<Usage> usage,
        Verdict verdict,
        Optional<String> finishReason,
        List<String> toolCalls) {

    /// The word in the ledger's ANSWER record.
    enum Ending {
        ANSWERED,
        BLOCKED,
        UPSTREAM_FAILED,
        CLIENT_GONE,
        REFUSED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Outcome {
        toolCalls = List.copyOf(toolCalls);
    }

    /// The model's answer, held against manifest and policy.
    static Outcome of(ModelAnswer answer, Json response, Judge.Ruling ruling) {
        return new Outcome(
                ending(ruling.refusal()),
                ruling.refusal(),
                true,
                Optional.of(response),
                Optional.of(answer.bytes()),
                answer.usage(),
                ruling.verdict(),
                Optional.of(answer.finishReason()),
                answer.toolNames());
    }

    /// An exchange that was broken off, with what a stream had said by then.
    static Outcome broken(
            GatewayException error, boolean billable, Optional<ModelAnswer> said, Verdict verdict) {
        return new Outcome(
                ending(Optional.of(error)),
                Optional.of(error),
                billable,
                said.map(ModelAnswer::toJson),
                said.map(ModelAnswer::bytes),
                said.flatMap(ModelAnswer::usage),
                verdict,
                said.map(ModelAnswer::finishReason),
                said.map(ModelAnswer::toolNames).orElse(List.of()));
    }

    /// The agent closed the connection.
    static Outcome clientGone(boolean billable, Optional<ModelAnswer> said, Verdict verdict) {
        return new Outcome(
                Ending.CLIENT_GONE,
                Optional.empty(),
                billable,
                said.map(ModelAnswer::toJson),
                said.map(ModelAnswer::bytes),
                said.flatMap(ModelAnswer::usage),
                verdict,
                said.map(ModelAnswer::finishReason),
                said.map(ModelAnswer::toolNames).orElse(List.of()));
    }

    Outcome withResponse(Json whole) {
        return new Outcome(
                ending,
                error,
                billable,
                Optional.of(whole),
                outputBytes,
                usage,
                verdict,
                finishReason,
                toolCalls);
    }

    private static Ending ending(Optional<GatewayException> error) {
        return error.map(e ->
                        switch (e.code()) {
                            case ANSWER_BLOCKED -> Ending.BLOCKED;
                            case ILLEGAL_TOOL_CALL -> Ending.REFUSED;
                            default -> Ending.UPSTREAM_FAILED;
                        })
                .orElse(Ending.ANSWERED);
    }
}
