package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.util.LinkedHashMap;

/// What a worker says of a task, in lines and to the proxy's queue.
final class TaskResult {

    private TaskResult() {}

    /// `end`, `answer` where there is one, and what the run took.
    static Json.Builder of(Assignment assignment, RunReport report) {
        var result = Json.object().put("run", assignment.correlation().run());
        var members = new LinkedHashMap<>(new RunEvent.Ended(report).toJson().members());
        members.remove("event");
        members.forEach(result::put);
        return result;
    }

    /// The line of a task that was done.
    static Json.Obj line(Assignment assignment, RunReport report) {
        var line = Json.object().put("event", "task_result").put("id", assignment.id());
        of(assignment, report).build().members().forEach(line::put);
        return line.build();
    }

    /// The line of a task that was not, and is whose it was before.
    static Json.Obj returned(Assignment assignment, String reason) {
        return Json.object()
                .put("event", "task_returned")
                .put("id", assignment.id())
                .put("run", assignment.correlation().run())
                .put("reason", reason)
                .build();
    }
}
