package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import java.util.Locale;

/// What a run tells while it happens. Holds no argument, no result and no prompt: those are in the
/// proxy's ledger already.
public sealed interface RunEvent {

    /// How much of a tool's name is told: the model chose it, and may have chosen a novel.
    int MAX_NAME_CHARS = 64;

    /// Member `event` and what belongs to it.
    Json.Obj toJson();

    record Started(AgentManifest manifest, Correlation correlation, String model)
            implements RunEvent {
        @Override
        public Json.Obj toJson() {
            return Json.object()
                    .put("event", "run_started")
                    .put("agent", manifest.name())
                    .put("manifest", manifest.digest().value())
                    .put("run", correlation.run())
                    .put("workflow", correlation.workflow())
                    .put("transaction", correlation.transaction())
                    .put("model", model)
                    .build();
        }
    }

    /// A piece of the model's text, as it came. The whole text is in the report.
    record Said(String text) implements RunEvent {
        @Override
        public Json.Obj toJson() {
            return Json.object().put("event", "text").put("text", text).build();
        }
    }

    /// A span has ended.
    record Traced(Span span) implements RunEvent {
        @Override
        public Json.Obj toJson() {
            return Json.object()
                    .put("event", "span")
                    .put("name", span.name())
                    .put("trace", span.context().traceId())
                    .put("span", span.context().spanId())
                    .build();
        }
    }

    record Called(RunReport.Call call) implements RunEvent {
        @Override
        public Json.Obj toJson() {
            var name = call.tool();
            var json =
                    Json.object()
                            .put("event", "tool_call")
                            .put("tool", TextLimit.cut(name, MAX_NAME_CHARS));
            switch (call.outcome()) {
                case ToolOutcome.Answered _ -> json.put("outcome", "answered");
                case ToolOutcome.Repeated _ -> json.put("outcome", "repeated");
                case ToolOutcome.Refused(var reason, _) ->
                        json.put("outcome", "refused")
                                .put("reason", reason.name().toLowerCase(Locale.ROOT));
                case ToolOutcome.Failed(var exception, _) ->
                        json.put("outcome", "failed").put("reason", exception);
            }
            call.approval()
                    .ifPresent(decision -> {
                        var word =
                                switch (decision) {
                                    case Approver.Decision.Allowed _ -> "allowed";
                                    case Approver.Decision.Denied _ -> "denied";
                                };
                        json.put("approval", word)
                                .put("by", TextLimit.cut(decision.by(), MAX_NAME_CHARS));
                    });
            return json.build();
        }
    }

    record Ended(RunReport report) implements RunEvent {
        @Override
        public Json.Obj toJson() {
            var json = Json.object().put("event", "run_ended").put("end", report.end().word());
            switch (report.end()) {
                case RunEnd.Answered(var text) -> json.put("answer", text);
                case RunEnd.ModelRefused(var status, var code, _) ->
                        json.put("status", status).put("code", code);
                case RunEnd.ModelFailed(var failure, _) -> json.put("code", failure.word());
                case RunEnd.StepLimit _,
                        RunEnd.ToolCallLimit _,
                        RunEnd.TokenLimit _,
                        RunEnd.DeadlineReached _,
                        RunEnd.RepeatedCall _,
                        RunEnd.ContextOverflow _,
                        RunEnd.Cancelled _ -> {}
            }
            return json.put("steps", report.steps())
                    .put("calls", report.calls().size())
                    .put("tokens", report.tokens().total())
                    .build();
        }
    }
}
