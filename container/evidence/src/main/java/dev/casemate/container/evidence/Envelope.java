package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement with one signature, as DSSE carries it.
///
/// Source: secure-systems-lab/dsse, protocol v1.0.
final class Envelope {

    static final String MEDIA_TYPE = "application/vnd.dsse.envelope.v1+json";

    private static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private Envelope() {}

    static byte[] seal(byte[] statement, Signer signer) {
        return write(statement, signer.publicKey(), signer.sign(signedBytes(statement)));
    }

    private static byte[] write(byte[] statement, TrustedKey key, byte[] signature) {
        return CanonicalJson.bytes(
                Json.object()
                        .put("payload", base64(statement))
                        .put("payloadType", PAYLOAD_TYPE)
                        .put(
                                "signatures",
                                Json.array(
                                        List.of(
                                                Json.object()
                                                        .put("keyid", key.id())
                                                        .put("sig", base64(signature))
                                                        .build())))
                        .build());
    }

    /// @return the statement, once its signature was found to be this key's
    static byte[] open(byte[] envelope, TrustedKey key) {
        @SuppressWarnings("ArrayRecordComponent") // Lives as long as this call.
        record Signed(byte[] payload, byte[] signature) {}

        Signed signed;
        try {
            signed =
                    Members.read(
                            Layout.object(envelope),
                            "",
                            members -> {
                                members.string("payloadType");
                                var signatures =
                                        members.list(
                                                "signatures",
                                                (json, place) ->
                                                        Members.read(
                                                                json,
                                                                place,
                                                                one -> {
                                                                    one.string("keyid");
                                                                    return decode(
                                                                            one.string("sig"));
                                                                }));
                                if (signatures.size() != 1) {
                                    throw malformed(null);
                                }
                                return new Signed(
                                        decode(members.string("payload")), signatures.getFirst());
                            });
        } catch (ManifestException | IllegalArgumentException e) {
            throw malformed(e);
        }
        if (!key.verifies(signedBytes(signed.payload()), signed.signature())) {
            throw new EvidenceException(
                    Code.BAD_SIGNATURE,
                    "expected each attestation to be signed by the key that signed the image");
        }
        if (!Arrays.equals(envelope, write(signed.payload(), key, signed.signature()))) {
            throw malformed(null);
        }
        return signed.payload();
    }

    /// DSSE's pre-authentication encoding.
    private static byte[] signedBytes(byte[] statement) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(
                ("DSSEv1 "
                                + PAYLOAD_TYPE.length()
                                + " "
                                + PAYLOAD_TYPE
                                + " "
                                + statement.length
                                + " ")
                        .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(statement);
        return out.toByteArray();
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }

    private static EvidenceException malformed(@Nullable Throwable cause) {
        return new EvidenceException(
                Code.MALFORMED_EVIDENCE,
                "expected a DSSE envelope of one statement and one signature",
                cause);
    }
}
