package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Members;
import java.util.Optional;
import java.util.regex.Pattern;

/// One thing that had to hold before the image was built. A gate that failed has no record: there
/// is no image.
///
/// @param name lower-case words with hyphens, for example `tests`
/// @param detail one line for people: what was counted, or why it was not run
/// @param report of the file that says more
public record Gate(String name, Outcome outcome, String detail, Optional<Digest> report) {

    /// What became of it.
    public enum Outcome {
        PASSED,
        NOT_RUN
    }

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");
    private static final Pattern LINE = Pattern.compile("[^\\p{Cntrl}]{1,1000}");

    public Gate {
        if (!NAME.matcher(name).matches() || !LINE.matcher(detail).matches()) {
            throw new EvidenceException(
                    Code.INVALID_FACTS,
                    "expected a gate with a name of lower-case words and one line of detail");
        }
    }

    Json toJson() {
        var json = Json.object().put("name", name);
        report.ifPresent(digest -> json.put("digest", DigestSet.of(digest)));
        return json.put(
                        "annotations",
                        Json.object().put("outcome", outcome.name()).put("detail", detail).build())
                .build();
    }

    static Gate read(Members members) {
        var report =
                members.has("digest")
                        ? Optional.of(members.object("digest", DigestSet::read))
                        : Optional.<Digest>empty();
        var name = members.string("name");
        return members.object(
                "annotations",
                told ->
                        new Gate(
                                name,
                                told.choice("outcome", Outcome.class, Outcome::name),
                                told.string("detail"),
                                report));
    }
}
