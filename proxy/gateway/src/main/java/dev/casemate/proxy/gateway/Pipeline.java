package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.finops.Attribution;
import dev.casemate.proxy.finops.Cost;

/// The one way from a request's bytes to a prompt that may leave: parse, model, tools, policy,
/// budget, in this order. Plain synchronous Java; it never sees the transport.
///
/// Every step either returns or throws; there is no third way, and no step can be left out.
final class Pipeline {

    private final GatewayConfig config;
    private final Judge judge;
    private final Books books;

    Pipeline(GatewayConfig config, Judge judge, Books books) {
        this.config = config;
        this.judge = judge;
        this.books = books;
    }

    /// @throws GatewayException with the code of the first gate that stays shut; nothing is
    ///   reserved then
    AdmittedPrompt admit(Caller caller, WireFormat format, byte[] body) {
        var gate = caller.identity().admitted();
        var request = format.dialect().read(body);
        try {
            return admit(caller, gate, request);
        } catch (GatewayException e) {
            throw e.with("model", Json.of(request.model()));
        }
    }

    private AdmittedPrompt admit(Caller caller, ManifestGate gate, ChatRequest request) {
        var model =
                config.model(request.model())
                        .orElseThrow(() ->
                                new GatewayException(
                                        ErrorCode.UNKNOWN_MODEL,
                                        "expected a model that this gateway knows"));
        if (!gate.allowsModel(model.name())) {
            throw new GatewayException(
                    ErrorCode.MODEL_NOT_IN_MANIFEST, "expected a model of the agent's manifest");
        }
        gate.checkOffered(request);
        var verdict = judge.prompt(request.passages());
        var price =
                model.price()
                        .orElseThrow(() ->
                                new GatewayException(
                                        ErrorCode.PRICE_UNKNOWN,
                                        "expected a model whose price is configured"));
        var format = config.formatOf(model);
        var dialect = format.dialect();
        var upstreamRequest = dialect.request(request, model);
        var bytes = WireBytes.utf8(upstreamRequest.text());
        long inputBound = bytes.length() + dialect.addedInputTokens(request);
        Cost worstCase = price.worstCase(inputBound, request.maxOutputTokens(model));
        var attribution =
                new Attribution(
                        gate.manifest().name(),
                        caller.identity().team(),
                        caller.correlation().workflow(),
                        model.name());
        books.reserve(caller.exchange(), attribution, worstCase);
        return new AdmittedPrompt(
                caller,
                gate,
                request,
                model,
                format,
                upstreamRequest,
                bytes,
                inputBound,
                verdict,
                price,
                worstCase,
                attribution);
    }
}
