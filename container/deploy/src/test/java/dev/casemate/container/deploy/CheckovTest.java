package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A reviewer of descriptors that is not ours, where the machine has it (`pip install checkov`).
final class CheckovTest {

    /// What it asks for and does not get, and why.
    private static final Map<String, String> REFUSED =
            Map.of(
                    "CKV_K8S_8", "an agent never listens, and nothing can be executed in it",
                    "CKV_K8S_9", "the same",
                    "CKV_K8S_31", "the list of system calls is ours, tighter than the runtime's",
                    "CKV_AWS_91", "the bucket is the operator's; each call is in the ledger",
                    "CKV_AWS_158", "the key is the operator's to choose; AWS encrypts with its own",
                    "CKV2_AWS_5", "a task's group is given when it is run");

    private static final int CHECKS_AT_LEAST = 300;

    @TempDir private Path home;

    @Test
    void nothingIsFoundThatIsNotExplained() throws Exception {
        var checkov = Programs.require("checkov");
        var golden = Path.of("src/test/resources/dev/casemate/container/deploy/golden");
        var found = new TreeSet<String>();
        long passed = 0;
        for (var framework : Map.of("k8s", "kubernetes", "ecs", "terraform").entrySet()) {
            for (var kind : List.of("task", "worker", "proxy")) {
                var report =
                        report(
                                checkov,
                                framework.getValue(),
                                golden.resolve(framework.getKey() + "-" + kind));
                var summary = (Json.Obj) report.get("summary").orElseThrow();
                assertThat(summary.get("parsing_errors")).contains(new Json.Num(BigDecimal.ZERO));
                passed += number(summary, "passed");
                failed(report).forEach(found::add);
            }
        }
        assertThat(found).isEqualTo(new TreeSet<>(REFUSED.keySet()));
        assertThat(passed).isGreaterThan(CHECKS_AT_LEAST);
    }

    private Json.Obj report(Path checkov, String framework, Path directory) throws Exception {
        var result =
                Programs.run(
                        home,
                        Map.of("HOME", home.toString()),
                        List.of(
                                checkov.toString(),
                                "--directory",
                                directory.toAbsolutePath().toString(),
                                "--framework",
                                framework,
                                "--skip-download",
                                "--output",
                                "json",
                                "--output-file-path",
                                home.toString()));
        var file = home.resolve("results_json.json");
        assertThat(file).as(result.output()).exists();
        var report = (Json.Obj) JsonReader.read(Files.readAllBytes(file));
        Files.delete(file);
        return report;
    }

    private static List<String> failed(Json.Obj report) {
        var results = (Json.Obj) report.get("results").orElseThrow();
        return ((Json.Arr) results.get("failed_checks").orElseThrow())
                .items().stream()
                        .map(check -> ((Json.Obj) check).text("check_id").orElseThrow())
                        .toList();
    }

    private static long number(Json.Obj object, String name) {
        return ((Json.Num) object.get(name).orElseThrow()).value().longValueExact();
    }
}
