package dev.casemate.bench;

import dev.casemate.manifest.JsonReader;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One validated call of a tool, beside two that validate less; [DispatchComparison] runs it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DispatchBenchmark {

    static final String LINE = "{\"item\":\"Copper wire, 2 mm\",\"quantity\":11,\"price\":19.99}";

    /// What each tool is called with.
    static final Map<String, String> ARGUMENTS =
            Map.of(
                    "find", "{\"symbol\":\"COPPER\"}",
                    "order",
                            "{\"order\":{\"account\":\"DE123456\",\"lines\":["
                                    + String.join(",", LINE, LINE, LINE, LINE, LINE)
                                    + "],\"note\":\"Ring twice.\"}}",
                    "rate", "{\"amount\":1250.5,\"rate\":0.035,\"months\":12,\"seed\":7}");

    @Param({"find", "order", "rate"})
    public String tool = "";

    private final Dispatch generated = Dispatch.generated();
    private final Dispatch reflection = Dispatch.reflection();
    private final Dispatch langChain4j = Dispatch.langChain4j();
    private String arguments = "";

    @Setup
    public void check() {
        arguments = ARGUMENTS.getOrDefault(tool, "");
        var expected = generated.call(tool, arguments);
        for (var other : new Dispatch[] {reflection, langChain4j}) {
            var answer = other.call(tool, arguments);
            // LangChain4j indents what it writes.
            if (!answer.equals(expected)
                    && !JsonReader.read(answer).equals(JsonReader.read(expected))) {
                throw new IllegalStateException("the three do not answer alike: " + tool);
            }
        }
    }

    @Benchmark
    public String generated() {
        return generated.call(tool, arguments);
    }

    @Benchmark
    public String reflection() {
        return reflection.call(tool, arguments);
    }

    @Benchmark
    public String langChain4j() {
        return langChain4j.call(tool, arguments);
    }
}
