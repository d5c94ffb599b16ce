package dev.casemate.proxy.policy;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/// Measures the shipped rules on a labelled collection: JSON lines with `text`, `label` and
/// `source`, compressed by gzip. Not a test: the collection is not a part of the project.
///
/// Arguments: the file, the [Source] to read the texts as, and, to see examples, a label and a rule
/// id (or `none`).
final class CorpusReport {

    private final Map<String, int[]> blockedBySource = new TreeMap<>();
    private final Map<String, Map<String, Integer>> rulesByLabel = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();

    public static void main(String[] args) throws IOException {
        var report = new CorpusReport();
        var source = Source.valueOf(args[1]);
        try (var in = new GZIPInputStream(Files.newInputStream(Path.of(args[0])));
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            var policy = Policy.defaults();
            String line;
            while ((line = lines.readLine()) != null) {
                report.read((Json.Obj) JsonReader.read(line), policy, source, args);
            }
        }
        report.print();
    }

    private void read(Json.Obj item, Policy policy, Source source, String[] args) {
        var label = item.text("label").orElse("");
        var text = item.text("text").orElse("");
        var verdict = policy.prompt(List.of(new Passage(source, "/text", text)));
        boolean blocked = verdict.action() == Action.BLOCK;
        for (var group :
                List.of(label + " (all)", label + " / " + item.text("source").orElse(""))) {
            var counts = blockedBySource.computeIfAbsent(group, _ -> new int[2]);
            counts[0]++;
            counts[1] += blocked ? 1 : 0;
        }
        for (var finding : verdict.findings()) {
            rulesByLabel
                    .computeIfAbsent(
                            finding.rule() + " " + finding.action().word(), _ -> new TreeMap<>())
                    .merge(label, 1, Integer::sum);
            if (args.length > 3 && args[2].equals(label) && args[3].equals(finding.rule())) {
                examples.add(finding.evidence() + " <= " + excerpt(text));
            }
        }
        if (args.length > 3 && args[2].equals(label) && args[3].equals("none") && !blocked) {
            examples.add(excerpt(text));
        }
    }

    private static String excerpt(String text) {
        return text.substring(0, Math.min(text.length(), 300)).replace('\n', ' ');
    }

    private void print() {
        blockedBySource.forEach((group, counts) ->
                System.out.printf(
                        "%-60s %6d %6d %6.2f %%%n",
                        group, counts[0], counts[1], 100.0 * counts[1] / counts[0]));
        rulesByLabel.forEach((rule, labels) -> System.out.printf("%-60s %s%n", rule, labels));
        examples.stream().limit(40).forEach(System.out::println);
    }
}
