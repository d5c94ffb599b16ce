package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Attribution;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.Price;
import dev.casemate.proxy.policy.Verdict;

/// A prompt that passed every gate and whose worst case is reserved; it may leave once the ledger
/// has it.
///
/// @param upstreamFormat in which the upstream is asked
/// @param body what the upstream gets, to the byte
/// @param inputTokenBound the most tokens that the model can be charged for reading it
/// @param reserved the most that it can cost
record AdmittedPrompt(
        Caller caller,
        ManifestGate gate,
        ChatRequest request,
        GatewayConfig.Model model,
        WireFormat upstreamFormat,
        Json.Obj upstreamRequest,
        WireBytes body,
        long inputTokenBound,
        Verdict verdict,
        Price price,
        Cost reserved,
        Attribution attribution) {

    long maxOutputTokens() {
        return request.maxOutputTokens(model);
    }
}
