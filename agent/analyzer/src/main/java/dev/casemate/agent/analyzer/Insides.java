package dev.casemate.agent.analyzer;

import dev.casemate.agent.analyzer.SinkTable.Sink;
import dev.casemate.manifest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What the JDK does for itself and not for its caller, reviewed: the sink table judges public
/// methods, and this says why it may pass over what such a method does on the way.
///
/// A line has the form of the sink table's: a method, class or package inside the JDK, the
/// capabilities that it uses without handing them on, and the reason. The tests hold both tables
/// against the JDK's own code; an analysis names the digest, and asks nothing else of it.
///
/// @param lines by pattern
/// @param digest of the file
record Insides(Map<String, Sink> lines, Digest digest) {

    private static final String RESOURCE = "insides.txt";

    static Insides shipped() {
        var text = SinkTable.resource(RESOURCE);
        return new Insides(SinkTable.lines(text), Digest.of(text.getBytes(StandardCharsets.UTF_8)));
    }
}
