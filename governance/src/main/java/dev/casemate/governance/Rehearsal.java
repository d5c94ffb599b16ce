package dev.casemate.governance;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.image.BuiltImage;
import dev.casemate.container.launch.Binding;
import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.Supervision;
import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.CanonicalJson;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.proxy.audit.LedgerReader;
import dev.casemate.proxy.gateway.Gateway;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// One agent with everything around it, for real, on one machine: its sealed image under podman,
/// the proxy with policy, budgets and ledger, and its destinations. Only the model may be scripted.
///
/// Everything listens on loopback; closing it leaves nothing running.
public final class Rehearsal implements AutoCloseable {

    private static final int MAX_OUTPUT_LINES = 10_000;
    static final String PROXY_HOST = "proxy.casemate.internal";

    private final AgentApplication application;
    private final StageDescription stage;
    private final Path work;
    private final Consumer<String> progress;
    private final Optional<RealModel> realModel;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final Identity proxyIdentity;
    private final Path credential;
    private final Path launcherCredential;
    private final RehearsalModel model;
    private final Identity modelIdentity;
    private final RehearsalDestinations destinations;
    private final RehearsalImages images;
    private Gateway gateway;
    private int runs;

    /// @param application the compiled agent
    /// @param rehearsal the directory that holds its `stage.json`
    /// @param work where this rehearsal keeps its files; must be empty or missing
    /// @param cache kept between rehearsals: the sealed runtime
    /// @param realModel asked for the agent's task; the hostile model is always scripted
    public static Rehearsal open(
            AgentApplication application,
            Path rehearsal,
            Path work,
            Path cache,
            Optional<RealModel> realModel,
            Consumer<String> progress) {
        var stage = StageDescription.read(rehearsal, application.manifest());
        return new Rehearsal(application, stage, work, cache, realModel, progress);
    }

    private Rehearsal(
            AgentApplication application,
            StageDescription stage,
            Path work,
            Path cache,
            Optional<RealModel> realModel,
            Consumer<String> progress) {
        this.application = application;
        this.stage = stage;
        this.work = work;
        this.progress = progress;
        this.realModel = realModel;
        try {
            Files.createDirectories(work);
            proxyIdentity = Identity.create(work, "proxy", List.of(PROXY_HOST, "127.0.0.1"));
            modelIdentity =
                    Identity.create(
                            work,
                            "model",
                            List.of("model.casemate.internal", PROXY_HOST, "127.0.0.1"));
            credential = Files.writeString(work.resolve("agent.key"), Identity.randomToken());
            launcherCredential =
                    Files.writeString(work.resolve("launcher.key"), Identity.randomToken());
            model = keep(new RehearsalModel(modelIdentity, Script.of(stage.script())));
            destinations =
                    keep(new RehearsalDestinations(stage, application.manifest(), work, progress));
            images = RehearsalImages.build(application, work, cache, progress);
            gateway = keep(Gateway.start(GatewayConfig.read(writeConfig(realModel))));
            progress.accept("the proxy listens on loopback port " + gateway.port());
        } catch (IOException e) {
            close();
            throw new GovernanceException(Code.STAGE_FAILED, "expected to write to " + work, e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    private Path writeConfig(Optional<RealModel> real) throws IOException {
        var manifest = application.manifest();
        Files.write(work.resolve("manifest.json"), CanonicalJson.bytes(manifest.toJson()));
        return Files.writeString(
                work.resolve("casemate.yaml"),
                RehearsalConfig.yaml(
                        manifest,
                        Files.readString(credential),
                        Files.readString(launcherCredential),
                        real,
                        model.port()));
    }

    /// Puts the scripted model behind the proxy, on the same ledger: what follows is not for a real
    /// one.
    void useRehearsalModel() {
        if (realModel.isEmpty()) {
            return;
        }
        try {
            gateway.close();
            opened.remove(gateway);
            gateway = keep(Gateway.start(GatewayConfig.read(writeConfig(Optional.empty()))));
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected to write to " + work, e);
        }
    }

    /// The agent's own task, through all three layers.
    Run task() {
        model.play(Script.of(stage.script()));
        return run("task", stage.task(), throughProxy(), recorded());
    }

    /// The agent's task with a hostile model, through all three layers.
    Run hijacked(String label, Script script) {
        model.play(script);
        return run(label, stage.task(), throughProxy(), recorded());
    }

    /// The agent's task with a hostile model and no proxy between: layer 3 is off, by routing.
    Run hijackedWithoutProxy(String label, Script script) {
        model.play(script);
        // Where there is no proxy, there is nobody to tell.
        return run(label, stage.task(), straightToModel(), Supervision.NONE);
    }

    private Supervision recorded() {
        return new Supervision(Optional.of(launcherCredential), 0);
    }

    private Run run(String label, String task, Binding proxy, Supervision supervision) {
        var correlation = correlation(label);
        var events = new ArrayList<Json.Obj>();
        var exit =
                Launcher.run(
                        launch(images.agent(), correlation, proxy, List.of(task)),
                        supervision,
                        line -> event(line).ifPresent(event -> addBounded(events, event)),
                        line -> progress.accept("  " + line));
        if (exit.reason() == Exit.Reason.NOT_STARTED) {
            throw new GovernanceException(
                    Code.STAGE_FAILED, "expected the container to start; podman said why above");
        }
        return new Run(
                correlation.run(), exit, events, LedgerReader.run(ledger(), correlation.run()));
    }

    /// The probe in place of the agent: what it tries, one object per attempt.
    List<Json.Obj> probe() {
        var arguments = ContainerAttempts.arguments(manifest(), PROXY_HOST);
        var attempts = new ArrayList<Json.Obj>();
        Launcher.run(
                launch(images.probe(), correlation("probe"), throughProxy(), arguments),
                line -> event(line).ifPresent(event -> addBounded(attempts, event)),
                this::launcherWarning);
        return attempts;
    }

    /// What the runtime says of the probe's attempts is the probe's own noise.
    private void launcherWarning(String line) {
        if (line.startsWith("casemate:")) {
            progress.accept("  " + line);
        }
    }

    private static void addBounded(List<Json.Obj> lines, Json.Obj line) {
        synchronized (lines) {
            if (lines.size() < MAX_OUTPUT_LINES) {
                lines.add(line);
            }
        }
    }

    private static Optional<Json.Obj> event(String line) {
        try {
            return JsonReader.read(line) instanceof Json.Obj object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (ManifestException notAnEvent) {
            return Optional.empty();
        }
    }

    LaunchRequest launch(
            BuiltImage what, Correlation correlation, Binding proxy, List<String> arguments) {
        var manifest = application.manifest();
        return new LaunchRequest(
                what.archive(),
                what.reference(),
                manifest,
                correlation,
                manifest.models().getFirst(),
                proxy,
                destinations.bindings(),
                arguments,
                Set.of());
    }

    private Correlation correlation(String label) {
        runs++;
        return new Correlation(
                "run-%02d-%s".formatted(runs, label),
                "rehearsal",
                "demo-" + ProcessHandle.current().pid());
    }

    private Binding throughProxy() {
        return proxyBinding(gateway.port(), proxyIdentity.certificate());
    }

    private Binding straightToModel() {
        return proxyBinding(model.port(), modelIdentity.certificate());
    }

    private Binding proxyBinding(int port, Path certificate) {
        return new Binding(
                Binding.PROXY,
                PROXY_HOST,
                RehearsalDestinations.loopback(port),
                Optional.of(certificate),
                Optional.of(credential));
    }

    /// A client of the proxy that holds the agent's credential but is not the agent.
    ProxyClient intruder() {
        return new ProxyClient(gateway.port(), proxyIdentity.certificate());
    }

    String credential() {
        try {
            return Files.readString(credential);
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected to read the credential", e);
        }
    }

    /// Prompts that reached the scripted model since the rehearsal began.
    int promptsSeenByModel() {
        return model.prompts();
    }

    StageDescription stage() {
        return stage;
    }

    public AgentManifest manifest() {
        return application.manifest();
    }

    /// The image that every run is made from.
    public BuiltImage image() {
        return images.agent();
    }

    /// The ledger's directory; it outlives the rehearsal.
    public Path ledger() {
        return work.resolve("ledger");
    }

    /// A place among the rehearsal's own files, which the next rehearsal replaces.
    Path scratch(String name) {
        return work.resolve(name);
    }

    Path ledgerKey() {
        return work.resolve("ledger.key.vkey");
    }

    public Gateway gateway() {
        return gateway;
    }

    /// What the warehouse itself says to the stage's check.
    Optional<String> check() {
        return destinations.value(stage.check());
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                progress.accept("could not stop a part of the stage: " + e.getMessage());
            }
        }
    }
}
