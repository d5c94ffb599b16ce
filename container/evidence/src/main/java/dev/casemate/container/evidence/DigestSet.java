package dev.casemate.container.evidence;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Members;

/// A digest as in-toto writes it: an object of algorithm and hex digits.
final class DigestSet {

    private static final String ALGORITHM = "sha256";

    private DigestSet() {}

    static Json.Obj of(Digest digest) {
        return Json.object().put(ALGORITHM, hex(digest)).build();
    }

    static Digest read(Members members) {
        return new Digest(ALGORITHM + ":" + members.string(ALGORITHM));
    }

    /// The 64 digits alone.
    static String hex(Digest digest) {
        return digest.value().substring(ALGORITHM.length() + 1);
    }
}
