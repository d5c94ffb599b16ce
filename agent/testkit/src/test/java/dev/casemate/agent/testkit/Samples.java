package dev.casemate.agent.testkit;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.Limits;
import dev.casemate.manifest.Prompt;
import dev.casemate.manifest.ToolSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// An agent that quotes prices and files them.
final class Samples {

    static final Json.Obj QUOTE =
            schema(
                    """
                    {"type":"object","additionalProperties":false,"required":["symbol"],
                    "properties":{"symbol":{"type":"string","minLength":0,"maxLength":3,
                    "pattern":"^(?:X[A-Z]{2})$"}}}\
                    """);

    static final Json.Obj FILE =
            schema(
                    """
                    {"type":"object","additionalProperties":false,"required":["title","prices","target"],
                    "properties":{
                    "title":{"type":"string","minLength":1,"maxLength":40,"pattern":"[^\\\\x00-\\\\x20]"},
                    "urgency":{"type":["string","null"],"enum":["LOW","HIGH",null]},
                    "share":{"type":["number","null"],"exclusiveMinimum":0,"maximum":1,"multipleOf":0.01},
                    "copies":{"type":["integer","null"],"minimum":1,"maximum":9},
                    "confirmed":{"type":["boolean","null"]},
                    "on":{"type":["string","null"],"format":"date"},
                    "prices":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"object",
                      "additionalProperties":false,"required":["symbol","price"],"properties":{
                      "symbol":{"type":"string","minLength":3,"maxLength":3},
                      "price":{"type":"number","minimum":0,"maximum":1000000}}}},
                    "target":{"anyOf":[
                      {"type":"object","additionalProperties":false,"required":["kind","desk"],"properties":{
                        "kind":{"type":"string","const":"desk"},"desk":{"type":"string","minLength":1,"maxLength":9}}},
                      {"type":"object","additionalProperties":false,"required":["kind","number"],"properties":{
                        "kind":{"type":"string","const":"client"},"number":{"type":"integer","minimum":0,"maximum":99}}}]}
                    }}\
                    """);

    static final AgentManifest MANIFEST = manifest(20, 20);

    private Samples() {}

    static AgentManifest manifest(int steps, int toolCalls) {
        return new AgentManifest(
                "quoter",
                "1",
                "quality",
                "Quotes prices",
                new Prompt("You quote.", "Prices.", List.of("All else.")),
                List.of("test-model"),
                List.of(tool("quote", Effect.READ, QUOTE), tool("file", Effect.WRITE, FILE)),
                List.of(),
                new Limits(
                        steps, toolCalls, 1_000_000_000, Duration.ofMinutes(10), 3, 1, 1, 1, 1, 1),
                Set.of(),
                Optional.empty());
    }

    private static ToolSpec tool(String name, Effect effect, Json.Obj schema) {
        return new ToolSpec(
                name,
                "Does " + name,
                effect,
                List.of(),
                ToolSpec.Handling.within(Duration.ofSeconds(30)),
                schema);
    }

    private static Json.Obj schema(String text) {
        return (Json.Obj) JsonReader.read(text);
    }

    static RunReport run(ToolSet tools, ChatModel model) {
        return run(tools, model, "Quote copper.");
    }

    static RunReport run(ToolSet tools, ChatModel model, String task) {
        return new AgentLoop(
                        tools,
                        model,
                        "test-model",
                        new Correlation("r", "w", "t"),
                        InstantSource.system(),
                        new Random(7),
                        Approver.NOBODY,
                        _ -> {})
                .run(task);
    }

    static Json.Obj symbol(String symbol) {
        return Json.object().put("symbol", symbol).build();
    }
}
