package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An in-toto statement: a predicate about one image.
///
/// @param reference the image's name
/// @param predicateType says how the predicate is to be read
record Statement(String reference, Digest image, String predicateType, Json.Obj predicate) {

    static final String SBOM = "https://cyclonedx.org/bom";
    static final String PROVENANCE = "https://slsa.dev/provenance/v1";
    static final String CAPABILITIES = "https://casemate.dev/attestation/capabilities/v1";

    private static final String TYPE = "https://in-toto.io/Statement/v1";

    private record Subject(String name, Digest digest) {}

    byte[] bytes() {
        return CanonicalJson.bytes(
                Json.object()
                        .put("_type", TYPE)
                        .put(
                                "subject",
                                Json.array(
                                        List.of(
                                                Json.object()
                                                        .put("name", reference)
                                                        .put("digest", DigestSet.of(image))
                                                        .build())))
                        .put("predicateType", predicateType)
                        .put("predicate", predicate)
                        .build());
    }

    /// @throws EvidenceException unless it is, byte for byte, what [#bytes] makes of it
    static Statement read(byte[] document) {
        try {
            var statement =
                    Members.read(
                            Layout.object(document),
                            "",
                            members -> {
                                members.string("_type");
                                var subjects =
                                        members.list(
                                                "subject",
                                                (json, place) ->
                                                        Members.read(
                                                                json, place, Statement::subject));
                                if (subjects.size() != 1) {
                                    throw malformed(null);
                                }
                                return new Statement(
                                        subjects.getFirst().name(),
                                        subjects.getFirst().digest(),
                                        members.string("predicateType"),
                                        members.object("predicate"));
                            });
            if (Arrays.equals(document, statement.bytes())) {
                return statement;
            }
        } catch (ManifestException e) {
            throw malformed(e);
        }
        throw malformed(null);
    }

    private static Subject subject(Members members) {
        return new Subject(members.string("name"), members.object("digest", DigestSet::read));
    }

    private static EvidenceException malformed(@Nullable Throwable cause) {
        return new EvidenceException(
                Code.MALFORMED_EVIDENCE, "expected in-toto statements about one image", cause);
    }
}
