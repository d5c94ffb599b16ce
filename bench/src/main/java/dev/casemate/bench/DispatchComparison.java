package dev.casemate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs the contestants of [DispatchBenchmark] by turns, each round in new processes, and prints
/// medians and their ratios to the generated tool set.
///
/// Arguments: rounds (5), seconds of each measurement (3).
public final class DispatchComparison {

    private static final List<String> CONTESTANTS =
            List.of("generated", "reflection", "langChain4j");
    private static final List<String> TOOLS = List.of("find", "order", "rate");

    private DispatchComparison() {}

    /// @param nanos of one call
    /// @param bytes allocated by one call
    private record Cost(double nanos, double bytes) {}

    public static void main(String[] args) throws RunnerException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Map<String, List<Cost>> costs = new TreeMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (var contestant : CONTESTANTS) {
                run(contestant, seconds, costs);
            }
            System.out.println("round " + round + " of " + rounds);
        }
        System.out.println("\n| tool | contestant | ns | ratio | bytes | ratio |");
        System.out.println("|---|---|---|---|---|---|");
        for (var tool : TOOLS) {
            var base = median(costs.getOrDefault("generated " + tool, List.of()));
            for (var contestant : CONTESTANTS) {
                var cost = median(costs.getOrDefault(contestant + " " + tool, List.of()));
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.0f | %.2f | %.0f | %.2f |%n",
                        tool,
                        contestant,
                        cost.nanos(),
                        cost.nanos() / base.nanos(),
                        cost.bytes(),
                        cost.bytes() / base.bytes());
            }
        }
    }

    private static void run(String contestant, int seconds, Map<String, List<Cost>> costs)
            throws RunnerException {
        var time = TimeValue.seconds(seconds);
        var options =
                new OptionsBuilder()
                        .include(DispatchBenchmark.class.getName() + "." + contestant + "$")
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(time)
                        .measurementIterations(2)
                        .measurementTime(time)
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build();
        for (var result : new Runner(options).run()) {
            var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            costs.computeIfAbsent(
                            contestant + " " + result.getParams().getParam("tool"),
                            _ -> new ArrayList<>())
                    .add(
                            new Cost(
                                    result.getPrimaryResult().getScore(),
                                    bytes == null ? Double.NaN : bytes.getScore()));
        }
    }

    private static Cost median(List<Cost> costs) {
        return new Cost(
                middle(costs.stream().map(Cost::nanos).sorted().toList()),
                middle(costs.stream().map(Cost::bytes).sorted().toList()));
    }

    private static double middle(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
