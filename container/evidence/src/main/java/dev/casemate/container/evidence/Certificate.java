package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the analyzer found in the jars of an image, beside the manifest that it was held against.
final class Certificate {

    /// The largest report that is attached.
    static final int MAX_ANALYSIS_BYTES = 16 << 20;

    private static final String NESTED = "!/";

    private Certificate() {}

    static Json.Obj of(Digest manifest, Json.Obj analysis) {
        return Json.object()
                .put("manifest", Json.object().put("digest", DigestSet.of(manifest)).build())
                .put("analysis", analysis)
                .build();
    }

    static Json.Obj analysis(byte[] report) {
        if (report.length > MAX_ANALYSIS_BYTES) {
            throw new EvidenceException(
                    Code.CERTIFICATE_MISMATCH,
                    "expected a report of at most " + MAX_ANALYSIS_BYTES + " bytes");
        }
        return Layout.object(report);
    }

    /// Holds the certificate against the image's manifest and jars.
    static void require(Json.Obj predicate, AgentManifest manifest, ImageContents image) {
        try {
            Members.read(
                    predicate,
                    "",
                    members -> {
                        var named =
                                members.object(
                                        "manifest",
                                        inner -> inner.object("digest", DigestSet::read));
                        if (!named.equals(manifest.digest())) {
                            throw mismatch("a certificate for the manifest in the image");
                        }
                        requireAnalysis(members.object("analysis"), manifest, image);
                        return named;
                    });
        } catch (ManifestException e) {
            throw new EvidenceException(
                    Code.MALFORMED_EVIDENCE, "expected a certificate of the analyzer", e);
        }
    }

    private static void requireAnalysis(
            Json.Obj analysis, AgentManifest manifest, ImageContents image) {
        var declared =
                manifest.capabilities().stream().map(Capability::word).collect(Collectors.toSet());
        if (!(analysis.get("capabilities").orElse(null) instanceof Json.Obj found)
                || !declared.containsAll(found.members().keySet())) {
            throw mismatch("no capability that the manifest does not declare");
        }
        var judged = new TreeMap<String, Digest>();
        if (analysis.get("origins").orElse(null) instanceof Json.Arr(var origins)) {
            for (var origin : origins) {
                if (origin instanceof Json.Obj jar) {
                    var name = jar.text("name").orElse("");
                    if (!name.contains(NESTED)
                            && judged.put(
                                            ImageContents.JARS + name,
                                            new Digest(jar.text("digest").orElse("")))
                                    != null) {
                        throw mismatch("each jar to be judged once");
                    }
                }
            }
        }
        var jars = new TreeMap<>(image.files());
        jars.keySet().retainAll(image.jars().keySet());
        if (!judged.equals(jars)) {
            throw mismatch("the jars in the image to be those that the analyzer read");
        }
    }

    private static EvidenceException mismatch(String expected) {
        return new EvidenceException(Code.CERTIFICATE_MISMATCH, "expected " + expected);
    }
}
