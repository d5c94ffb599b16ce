package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.regex.Pattern;

/// What ties a prompt to an execution and to the business it served. Sent to the proxy as W3C
/// baggage under the keys below, and kept in every ledger record.
///
/// @param run one execution of the agent on one task
/// @param workflow the chain of work that the run is part of
/// @param transaction the business transaction that it serves
public record Correlation(String run, String workflow, String transaction) {

    public static final String RUN_KEY = "casemate.run.id";
    public static final String WORKFLOW_KEY = "casemate.workflow.id";
    public static final String TRANSACTION_KEY = "casemate.transaction.id";

    // No character that baggage, a header, a file name or a log line would need to escape.
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

    public Correlation {
        require(run, "/run");
        require(workflow, "/workflow");
        require(transaction, "/transaction");
    }

    private static void require(String id, String place) {
        if (!isId(id)) {
            throw new ManifestException(
                    Code.INVALID_VALUE,
                    place,
                    "expected 1 to 128 letters, digits, dots, colons, underscores and hyphens");
        }
    }

    /// Whether a text can stand as one of the three ids.
    public static boolean isId(String id) {
        return FORM.matcher(id).matches();
    }

    /// The value of the `baggage` header (W3C Baggage).
    public String baggage() {
        return "%s=%s,%s=%s,%s=%s"
                .formatted(RUN_KEY, run, WORKFLOW_KEY, workflow, TRANSACTION_KEY, transaction);
    }

    Json toJson() {
        return Json.object()
                .put("run", run)
                .put("workflow", workflow)
                .put("transaction", transaction)
                .build();
    }

    static Correlation read(Members members) {
        return new Correlation(
                members.string("run"), members.string("workflow"), members.string("transaction"));
    }
}
