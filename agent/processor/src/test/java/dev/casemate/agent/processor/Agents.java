package dev.casemate.agent.processor;

import dev.casemate.agent.sdk.IdempotencyKey;
import dev.casemate.agent.sdk.ToolOutcome;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.manifest.JsonReader;

/// Sources of agents for tests, and the tool sets that they become.
final class Agents {

    /// The lines that stand above the body of an agent that [#source] writes.
    static final int HEADER_LINES = 17;

    private Agents() {}

    /// An agent with destination `here`, in package `x`, with these tools.
    static String source(String body) {
        var header =
                """
                package x;
                import dev.casemate.agent.sdk.*;
                import static dev.casemate.manifest.Effect.*;
                import static dev.casemate.manifest.Destination.Protocol.*;
                import jakarta.validation.constraints.*;
                import java.math.*;
                import java.util.*;
                @Agent(name = "tester", version = "1.0.0", owner = "qa", purpose = "Tests",
                    persona = "You test.", scope = "Tests only.", refusals = {"Anything else"},
                    models = {"small"}, destinations = @Agent.Destination(name = "here", protocol = HTTPS),
                    limits = @Agent.Limits(steps = 5, toolCalls = 10, tokens = 5_000_000_000L / 10,
                        deadlineSeconds = 60, identicalCalls = 3, cpuMillis = 500, memoryMegabytes = 256,
                        tmpMegabytes = 16, pids = 64, ioMegabytesPerSecond = 10))
                public final class Tester {
                    @Tool(name = "put", description = "Puts", effect = WRITE, destinations = "here")
                    void put() {}
                    // The body of the test begins on the next line.
                """;
        return header + body + "\n}\n";
    }

    /// Compiles and loads the agent of [#source]; fails on any error.
    static ToolSet toolSet(String source, String... more) {
        var sources = new java.util.ArrayList<String>();
        sources.add(source);
        sources.addAll(java.util.List.of(more));
        var compilation = Compilation.of(java.util.Map.of(), sources);
        if (!compilation.errors().isEmpty()) {
            throw new AssertionError(
                    compilation.errors()
                            + "\n"
                            + compilation.files().keySet()
                            + compilation.text("x/TesterToolSet.java"));
        }
        return load(compilation);
    }

    static ToolSet load(Compilation compilation) {
        try {
            var classes = compilation.classes();
            var agent = classes.loadClass("x.Tester");
            var instance = agent.getDeclaredConstructor().newInstance();
            return (ToolSet)
                    classes.loadClass("x.TesterToolSet")
                            .getMethod("of", agent)
                            .invoke(null, instance);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the tool set does not load", e);
        }
    }

    static final IdempotencyKey KEY = new IdempotencyKey("0".repeat(64));

    static ToolOutcome call(ToolSet tools, String tool, String arguments) {
        return tools.call(tool, JsonReader.read(arguments), KEY);
    }
}
