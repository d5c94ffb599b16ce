package dev.casemate.proxy.gateway;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// How a model is to answer, as far as more than one wire format can say it.
///
/// @param stops texts at which the answer ends
/// @param user the agent's name for whom it asks
/// @param parallelCalls false if the agent forbids more than one tool call in an answer
/// @param foreign places of the request that no other wire format can express; they pass only where
///   the upstream speaks the agent's own
record Settings(
        Optional<BigDecimal> temperature,
        Optional<BigDecimal> topP,
        List<String> stops,
        Optional<String> user,
        boolean parallelCalls,
        SortedSet<String> foreign) {

    Settings {
        stops = List.copyOf(stops);
    }
}
