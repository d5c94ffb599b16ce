package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.bertramlabs.plugins.hcl4j.HCLParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EcsTerraformTest {

    private static final List<Path> PLUGINS =
            Stream.of(
                            System.getProperty("user.home") + "/.terraform.d/plugins",
                            "/usr/local/share/terraform/plugins",
                            "/usr/share/terraform/plugins")
                    .map(Path::of)
                    .toList();

    @TempDir private Path directory;

    static List<Subject> subjects() {
        return Subjects.all();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void theGrammarOfTheLanguageTakesIt(Subject subject) throws Exception {
        var resources = resources(subject);
        assertThat(resources)
                .containsKeys(
                        "aws_ecs_task_definition",
                        "aws_security_group",
                        "aws_vpc_security_group_egress_rule",
                        "aws_iam_role",
                        "aws_iam_role_policy",
                        "aws_cloudwatch_log_group");
        assertThat(resources.containsKey("aws_ecs_service")).isEqualTo(subject.kind() != Kind.TASK);
    }

    @Test
    void whatLeavesIsTheTargetsAndWhatThePlatformNeedsItself() throws Exception {
        assertThat(
                        named(resources(Subjects.worker()), "aws_vpc_security_group_egress_rule")
                                .keySet())
                .containsExactlyInAnyOrder(
                        "casemate-market-analyst-proxy",
                        "casemate-market-analyst-prices",
                        "casemate-market-analyst-platform-endpoints",
                        "casemate-market-analyst-platform-layers");
        assertThat(resources(Subjects.worker()))
                .doesNotContainKey("aws_vpc_security_group_ingress_rule");
    }

    @Test
    void eachReplicaOfTheProxyHasALedgerOfItsOwn() throws Exception {
        var resources = resources(Subjects.proxy());
        assertThat(named(resources, "aws_efs_access_point")).hasSize(2);
        assertThat(named(resources, "aws_ecs_service")).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void terraformReadsItAndWouldFormatItNoOtherWay(Subject subject) throws Exception {
        var terraform = Programs.require("terraform");
        Files.writeString(directory.resolve("main.tf"), text(subject));
        var result =
                Programs.run(
                        directory,
                        quiet(),
                        List.of(terraform.toString(), "fmt", "-check", "-diff", "main.tf"));
        assertThat(result.code()).as(result.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void terraformValidatesItAgainstTheProvider(Subject subject) throws Exception {
        var terraform = Programs.require("terraform").toString();
        var plugins =
                PLUGINS.stream()
                        .filter(it ->
                                Files.isDirectory(
                                        it.resolve("registry.terraform.io/hashicorp/aws")))
                        .findFirst();
        if (plugins.isEmpty()) {
            abort("terraform's provider hashicorp/aws is not installed");
        }
        Files.writeString(directory.resolve("main.tf"), text(subject));
        var init =
                Programs.run(
                        directory,
                        quiet(),
                        List.of(
                                terraform,
                                "init",
                                "-backend=false",
                                "-input=false",
                                "-plugin-dir=" + plugins.orElseThrow()));
        assertThat(init.code()).as(init.output()).isZero();
        var result = Programs.run(directory, quiet(), List.of(terraform, "validate"));
        assertThat(result.code()).as(result.output()).isZero();
    }

    private static Map<String, String> quiet() {
        return Map.of("CHECKPOINT_DISABLE", "1", "TF_IN_AUTOMATION", "1");
    }

    static String text(Subject subject) {
        return Rendering.of(Subjects.places().get(1), subject).files().getFirst().text();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> resources(Subject subject) throws Exception {
        var document = new HCLParser().parse(text(subject));
        return new TreeMap<>((Map<String, Object>) document.get("resource"));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> named(Map<String, Object> resources, String type) {
        var found = resources.get(type);
        assertThat(found).as(type).isNotNull();
        return (Map<String, Object>) found;
    }
}
