package dev.casemate.agent.sdk;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.ManifestException.Code;
import dev.casemate.manifest.Members;
import java.util.regex.Pattern;

/// One task that a worker was given.
///
/// Its run is named after the worker's own and the task, so that a task that was handed back and is
/// taken up again under the same name writes nothing twice: see [IdempotencyKey].
///
/// @param id names the task among all that the worker is given
/// @param task what is asked of the agent
/// @param correlation of its run
record Assignment(String id, String task, Correlation correlation) {

    static final int MAX_ID_CHARS = 64;

    /// Longer names of a worker's own run would leave no room for the task's.
    static final int MAX_WORKER_RUN_CHARS = 63;

    // No colon: it stands between the worker's run and the task, so that no two pairs are alike.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /// @throws IllegalArgumentException if runs cannot be named after this one
    static void requireWorker(Correlation worker) {
        if (worker.run().length() > MAX_WORKER_RUN_CHARS) {
            throw new IllegalArgumentException(
                    "expected a worker's run id of at most "
                            + MAX_WORKER_RUN_CHARS
                            + " characters");
        }
    }

    /// Takes `id`, `task`, and where they are there `workflow` and `transaction`.
    ///
    /// @throws ManifestException naming the member that will not do
    static Assignment read(Members members, Correlation worker) {
        var id = members.string("id");
        if (!isId(id)) {
            throw members.refuse(
                    Code.INVALID_VALUE,
                    "id",
                    "expected 1 to "
                            + MAX_ID_CHARS
                            + " letters, digits, dots, underscores and hyphens");
        }
        var task = members.string("task");
        if (task.length() > AgentProcess.MAX_TASK_CHARS) {
            throw members.refuse(
                    Code.INVALID_VALUE,
                    "task",
                    "expected at most " + AgentProcess.MAX_TASK_CHARS + " characters");
        }
        return new Assignment(
                id,
                task,
                new Correlation(
                        worker.run() + ":" + id,
                        members.optionalString("workflow").orElse(worker.workflow()),
                        members.optionalString("transaction").orElse(worker.transaction())));
    }

    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }
}
