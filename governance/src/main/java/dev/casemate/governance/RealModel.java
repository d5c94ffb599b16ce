package dev.casemate.governance;

import java.net.URI;
import java.nio.file.Path;

/// A model that speaks OpenAI's chat completions, in place of the rehearsal model.
///
/// @param url up to and including `/v1`
/// @param model as the provider names it
/// @param keyFile the provider's key
/// @param inputUsdPerMillion price of a million input tokens, as a decimal
/// @param outputUsdPerMillion price of a million output tokens, as a decimal
public record RealModel(
        URI url,
        String model,
        Path keyFile,
        String inputUsdPerMillion,
        String outputUsdPerMillion) {}
