package dev.casemate.manifest;

/// That a person has looked at an agent which reads untrusted content, touches sensitive data and
/// changes or sends something, all three, and stands in for it.
///
/// @param reason why it may
/// @param reviewer who says so
public record Approval(String reason, String reviewer) {

    public Approval {
        if (reason.isBlank() || reviewer.isBlank()) {
            throw new ManifestException(
                    ManifestException.Code.INVALID_VALUE,
                    "/approval",
                    "expected a reason and a reviewer");
        }
    }

    Json toJson() {
        return Json.object().put("reason", reason).put("reviewer", reviewer).build();
    }

    static Approval read(Members members) {
        return new Approval(members.string("reason"), members.string("reviewer"));
    }
}
