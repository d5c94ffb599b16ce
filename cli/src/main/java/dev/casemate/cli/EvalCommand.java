package dev.casemate.cli;

import dev.casemate.agent.testkit.Evaluation;
import dev.casemate.agent.testkit.EvaluationReport;
import dev.casemate.agent.testkit.EvaluationSuite;
import dev.casemate.agent.testkit.Judge;
import dev.casemate.agent.testkit.TestkitException;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "eval",
        description = {
            "Runs an evaluation suite against an agent's manifest; none of the agent's code runs.",
            "Without a model the cases play their scripts. Exit code 1: a threshold is not met."
        },
        mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {

    @Parameters(index = "0", description = "The agent's jar, or the directory of its jars.")
    private Path agent;

    @Option(names = "--suite", required = true, description = "The folder of the suite.")
    private Path suite;

    @Option(names = "--tag", description = "Only the cases with this tag.")
    private @Nullable String tag;

    @Option(names = "--without-tag", description = "Not the cases with this tag.")
    private @Nullable String withoutTag;

    @Option(names = "--runs", description = "Of each case; default: what the suite says.")
    private @Nullable Integer runs;

    @Option(
            names = "--parallel",
            defaultValue = "4",
            description = "Runs at the same time (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(names = "--junit", description = "Writes JUnit's XML to this file.")
    private @Nullable Path junit;

    @Option(names = "--html", description = "Writes a page to this file.")
    private @Nullable Path html;

    @ArgGroup(exclusive = true)
    private @Nullable ModelOptions model;

    /// Where a real model is: behind a proxy that runs, or by itself.
    static final class ModelOptions {
        @ArgGroup(exclusive = false)
        private @Nullable Proxied proxied;

        @ArgGroup(exclusive = false)
        private @Nullable Direct direct;
    }

    /// A deployment of a proxy's configuration.
    static final class Proxied {
        @Option(
                names = "--config",
                required = true,
                description = "A proxy's configuration file: asks through that proxy.")
        private Path config;

        @Option(
                names = "--deployment",
                description = "The entry under deployments; default: the agent's name.")
        private @Nullable String deployment;

        @ArgGroup(exclusive = false)
        private @Nullable ProxiedJudge judge;
    }

    /// A judge that the proxy admits as an agent of its own.
    static final class ProxiedJudge {
        @Option(
                names = "--judge",
                required = true,
                description = "The judge's model, by the proxy's name for it.")
        private String model;

        @Option(
                names = "--judge-credential-file",
                required = true,
                description = "What identifies the judge at the proxy.")
        private Path credential;
    }

    /// A model that speaks OpenAI's chat completions; a proxy is started in front of it.
    static final class Direct {
        @Option(
                names = "--model-url",
                required = true,
                description = "A model, up to and including /v1: starts a proxy in front of it.")
        private URI url;

        @Option(names = "--model", required = true, description = "The provider's name for it.")
        private String name;

        @Option(names = "--model-key-file", description = "File with the key.")
        private @Nullable Path keyFile;

        @Option(names = "--judge-model", description = "The provider's name for a judge.")
        private @Nullable String judge;

        @Option(names = "--input-usd", defaultValue = "0.15", description = "Per million tokens.")
        private String inputUsd;

        @Option(names = "--output-usd", defaultValue = "0.60", description = "Per million tokens.")
        private String outputUsd;

        @Option(
                names = "--budget-usd",
                defaultValue = "5.00",
                description = "What the evaluation may cost (default: ${DEFAULT-VALUE}).")
        private String budgetUsd;
    }

    @Override
    public Integer call() throws IOException {
        try {
            var report = evaluate();
            System.out.println(report.text());
            if (junit != null) {
                Files.writeString(junit, report.junitXml());
            }
            if (html != null) {
                Files.writeString(html, report.html());
            }
            return report.passed() ? 0 : Main.FINDING;
        } catch (TestkitException e) {
            System.err.println("casemate: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private EvaluationReport evaluate() throws IOException {
        var manifest = AgentJar.manifest(agent);
        var cases = EvaluationSuite.read(suite);
        cases = tag == null ? cases : cases.tagged(tag);
        cases = withoutTag == null ? cases : cases.without(withoutTag);
        var evaluation =
                Evaluation.of(cases, manifest)
                        .id("eval-" + UUID.randomUUID())
                        .parallel(inRange(parallel, "--parallel", Evaluation.MAX_PARALLEL));
        if (runs != null) {
            evaluation.runs(inRange(runs, "--runs", Evaluation.MAX_RUNS));
        }
        if (model != null && model.proxied != null) {
            return throughProxy(evaluation, manifest, model.proxied);
        } else if (model != null && model.direct != null) {
            return throughOwnProxy(evaluation, manifest, model.direct);
        }
        return evaluation.run(System.err::println);
    }

    private int inRange(int value, String option, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    new CommandLine(this), "expected " + option + " from 1 to " + most);
        }
        return value;
    }

    private EvaluationReport throughProxy(
            Evaluation evaluation, AgentManifest manifest, Proxied options) {
        var name = Optional.ofNullable(options.deployment).orElse(manifest.name());
        var deployment = AgentDeployment.read(options.config, name);
        if (!deployment.manifest().digest().equals(manifest.digest())) {
            throw new ParameterException(
                    new CommandLine(this),
                    "expected a deployment of the manifest " + manifest.digest());
        }
        var proxy = deployment.proxy();
        var authority =
                proxy.certificateAuthority()
                        .orElseThrow(() -> missing("certificateAuthority of the proxy"));
        var access =
                new ProxyAccess(
                        proxy.target().getAddress().getHostAddress(),
                        proxy.target().getPort(),
                        authority,
                        proxy.secret().orElseThrow(() -> missing("credentialFile")),
                        manifest,
                        deployment.model());
        if (options.judge != null) {
            evaluation.judge(
                    judge(
                            new ProxyAccess(
                                    access.address(),
                                    access.port(),
                                    authority,
                                    options.judge.credential,
                                    Judge.manifest(options.judge.model),
                                    options.judge.model)));
        }
        return evaluation.modelFor(deployment.model(), access::client).run(System.err::println);
    }

    private ParameterException missing(String key) {
        return new ParameterException(new CommandLine(this), "expected the deployment's " + key);
    }

    private static Judge judge(ProxyAccess access) {
        var correlation =
                new Correlation("judge-" + UUID.randomUUID(), "evaluation-judge", "evaluation");
        return new Judge(access.client(correlation), access.manifest());
    }

    private static EvaluationReport throughOwnProxy(
            Evaluation evaluation, AgentManifest manifest, Direct options) throws IOException {
        var asking = new EvaluationProxy.Asking(manifest, evaluation.modelName(), options.name);
        List<EvaluationProxy.Asking> agents = new ArrayList<>(List.of(asking));
        var judge =
                Optional.ofNullable(options.judge)
                        .map(name ->
                                new EvaluationProxy.Asking(
                                        Judge.manifest("evaluation-judge"),
                                        "evaluation-judge",
                                        name));
        judge.ifPresent(agents::add);
        var directory = Home.directory().resolve("target/evaluation/" + UUID.randomUUID());
        var upstream =
                new EvaluationProxy.Upstream(
                        options.url,
                        options.keyFile,
                        options.inputUsd,
                        options.outputUsd,
                        options.budgetUsd);
        try (var proxy = EvaluationProxy.start(directory, upstream, agents)) {
            judge.ifPresent(it -> evaluation.judge(judge(proxy.access(it))));
            var access = proxy.access(asking);
            System.err.println("ledger of this evaluation: " + directory.resolve("ledger"));
            return evaluation.modelFor(options.name, access::client).run(System.err::println);
        }
    }
}
