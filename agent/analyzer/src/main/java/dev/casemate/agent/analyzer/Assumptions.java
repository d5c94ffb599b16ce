package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What an answer rests on: the sentences of `assumptions.txt`, which hold for every analysis, and
/// those that this one adds.
///
/// @param general one sentence each
/// @param digest of the file
record Assumptions(List<String> general, Digest digest) {

    private static final String RESOURCE = "assumptions.txt";

    /// Longer lists are cut: a person who reads so far wants to know of them, not each.
    private static final int MAX_NAMES = 40;

    Assumptions {
        general = List.copyOf(general);
    }

    static Assumptions shipped() {
        try (var in = Assumptions.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new AnalyzerException(Code.BROKEN_TABLE, "expected " + RESOURCE);
            }
            var bytes = in.readAllBytes();
            var sentences =
                    new String(bytes, StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                            .toList();
            return new Assumptions(sentences, Digest.of(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The sentences for one analysis.
    List<String> of(Program program, CallGraph graph) {
        var sentences = new ArrayList<>(general);
        if (!graph.missing().isEmpty()) {
            sentences.add(
                    "Referred to, but neither shipped nor of this Java, so that using them fails: "
                            + names(graph.missing()));
        }
        if (!program.shadowed().isEmpty()) {
            sentences.add(
                    "Shipped, but never loaded, since the JDK or a jar before theirs has a class of"
                            + " the name: "
                            + names(program.shadowed()));
        }
        return sentences;
    }

    private static String names(Collection<String> internal) {
        var some = internal.stream().limit(MAX_NAMES).map(name -> name.replace('/', '.')).toList();
        int more = internal.size() - some.size();
        return String.join(", ", some) + (more > 0 ? " and " + more + " more." : ".");
    }
}
