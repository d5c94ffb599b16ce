package dev.casemate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// What an analysis costs as a process of its own: seconds, processor seconds, and the most memory
/// that it held, with a heap of at most a gigabyte and two cores.
public final class AnalyzerRuns {

    private static final int POLL_MILLIS = 20;
    private static final double KIB_PER_MIB = 1024;
    private static final String CLOSURE_MAIN = "org.springframework.boot.SpringApplication";

    private AnalyzerRuns() {}

    /// @param mebibytes the most that was resident, code and metadata of the JVM included
    private record Cost(double seconds, double processorSeconds, double mebibytes) {}

    /// Arguments: rounds, the command's directory of jars, the example's, the closure's.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        int rounds = Integer.parseInt(arguments[0]);
        var command = Path.of(arguments[1]) + "/*";
        var closure = Path.of(arguments[3]);
        var main = "dev.casemate.cli.Main";
        var runs = new TreeMap<String, List<String>>();
        runs.put("example", List.of(command, main, "analyze", arguments[2]));
        runs.put(
                "closure, from main",
                List.of(command, main, "analyze", application(closure).toString()));
        runs.put(
                "closure, from every public method",
                List.of(
                        System.getProperty("java.class.path"),
                        EveryApi.class.getName(),
                        closure.toString()));
        Map<String, List<Cost>> costs = new TreeMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (var run : runs.entrySet()) {
                var cost = run(run.getValue());
                costs.computeIfAbsent(run.getKey(), _ -> new ArrayList<>()).add(cost);
                System.out.println("round " + round + " " + run.getKey() + " " + cost);
            }
        }
        System.out.println("\n| median of " + rounds + " | seconds | processor seconds | MiB |");
        System.out.println("|---|---|---|---|");
        costs.forEach((name, values) ->
                System.out.printf(
                        "| %s | %.1f | %.1f | %.0f |%n",
                        name,
                        middle(values.stream().map(Cost::seconds).sorted().toList()),
                        middle(values.stream().map(Cost::processorSeconds).sorted().toList()),
                        middle(values.stream().map(Cost::mebibytes).sorted().toList())));
    }

    /// A jar that starts a class of the closure, with the closure as its class path.
    private static Path application(Path closure) throws IOException {
        var file = closure.resolve("application.jar");
        Files.deleteIfExists(file);
        var attributes = new Manifest();
        var main = attributes.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, CLOSURE_MAIN);
        try (var jars = Files.list(closure)) {
            main.put(
                    Attributes.Name.CLASS_PATH,
                    String.join(
                            " ", jars.map(jar -> jar.getFileName().toString()).sorted().toList()));
        }
        new JarOutputStream(Files.newOutputStream(file), attributes).close();
        return file;
    }

    private static Cost run(List<String> program) throws IOException, InterruptedException {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx768m", "-XX:ActiveProcessorCount=2", "-cp"));
        line.addAll(program);
        long start = System.nanoTime();
        var process =
                new ProcessBuilder(line)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        double peak = 0;
        double processor = 0;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakKib(process.pid()));
            processor =
                    process.info()
                            .totalCpuDuration()
                            .map(spent -> spent.toMillis() / 1e3)
                            .orElse(processor);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException("the analysis ended with " + process.exitValue());
        }
        return new Cost(seconds, processor, peak / KIB_PER_MIB);
    }

    // The kernel's own high-water mark: what is missed is the growth of the last moment.
    private static double peakKib(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            // It ended in this moment.
            return 0;
        }
    }

    private static double middle(List<Double> sorted) {
        return sorted.get(sorted.size() / 2);
    }
}
