package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What whoever built an image says of it, and the image itself does not.
///
/// @param source where the sources came from, as a URI or a name; no credentials
/// @param revision the one that the image's label names
/// @param gates in the order in which they were asked
/// @param parameters what was asked of the build, by name; no secrets
public record BuildFacts(
        String source,
        String revision,
        List<Gate> gates,
        Instant started,
        Instant finished,
        Map<String, String> parameters) {

    private static final int MAX_PARAMETERS = 100;
    private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}]{1,4000}");
    private static final Pattern CREDENTIALS = Pattern.compile("[a-z+]+://[^/]*:[^/]*@.*");

    public BuildFacts {
        gates = List.copyOf(gates);
        parameters = Map.copyOf(parameters);
        requireLine(source);
        requireLine(revision);
        if (CREDENTIALS.matcher(source).matches()) {
            throw invalid("a source without a password in it");
        }
        if (finished.isBefore(started)) {
            throw invalid("a build that ends after it starts");
        }
        if (parameters.size() > MAX_PARAMETERS) {
            throw invalid("at most " + MAX_PARAMETERS + " parameters");
        }
        parameters.forEach((name, value) -> {
            requireLine(name);
            requireLine(value);
        });
        var names = new HashSet<String>();
        if (!gates.stream().allMatch(gate -> names.add(gate.name()))) {
            throw invalid("each gate once");
        }
    }

    /// The parameters in the order of their names.
    SortedMap<String, String> sortedParameters() {
        return new TreeMap<>(parameters);
    }

    private static void requireLine(String text) {
        if (text.isBlank() || !LINE.matcher(text).matches()) {
            throw invalid("source, revision and parameters as one line each");
        }
    }

    private static EvidenceException invalid(String expected) {
        return new EvidenceException(Code.INVALID_FACTS, "expected " + expected);
    }
}
