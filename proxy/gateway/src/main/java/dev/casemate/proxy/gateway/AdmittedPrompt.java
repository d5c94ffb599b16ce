package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Attribution;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.Price;
import dev.casemate.proxy.policy.Verdict;

/// A prompt that passed every gate and whose worst case is reserved; it may leave once the ledger
/// has it.
///
/// @param body what the upstream gets, to the byte
/// @param reserved the most that it can cost
record AdmittedPrompt(
        Caller caller,
        ManifestGate gate,
        ChatRequest request,
        GatewayConfig.Model model,
        Json.Obj upstreamRequest,
        WireBytes body,
        Verdict verdict,
        Price price,
        Cost reserved,
        Attribution attribution) {

    long maxOutputTokens() {
        return request.maxOutputTokens(model);
    }
}
