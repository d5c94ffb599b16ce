package dev.casemate.container.deploy;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Deployment.Endpoint;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// An agent, on one task or as a worker.
///
/// @param image by digest, `REPOSITORY@sha256:..`
/// @param model one of the manifest's
/// @param proxy the inference proxy
/// @param destinations exactly the manifest's
/// @param task of an agent that ends with it; empty for a worker of the proxy's queue
/// @param replicas workers beside each other; 1 for a task
/// @param calls the system calls that it may make
public record ContainedAgent(
        AgentManifest agent,
        String image,
        Correlation correlation,
        String model,
        Target proxy,
        List<Target> destinations,
        Optional<String> task,
        int replicas,
        Json.Obj calls)
        implements Subject {

    static final int MAX_REPLICAS = 100;

    public ContainedAgent {
        destinations = List.copyOf(destinations);
        Form.IMAGE.require(image, "the agent's image");
        task.ifPresent(it -> Form.ONE_LINE.require(it, "the task"));
        Form.require(agent.models().contains(model), "one of the manifest's models");
        Form.require(proxy.name().equals(Target.PROXY), "the proxy under its own name");
        requireExactly(agent, destinations);
        Form.require(
                replicas >= 1 && replicas <= (task.isPresent() ? 1 : MAX_REPLICAS),
                "1 to " + MAX_REPLICAS + " replicas of a worker, and one of a task");
    }

    private static void requireExactly(AgentManifest agent, List<Target> destinations) {
        var bound = destinations.stream().map(Target::name).sorted().toList();
        var named = agent.destinations().stream().map(Destination::name).sorted().toList();
        Form.require(
                bound.equals(named),
                "one target for each of the manifest's destinations, and no other");
    }

    @Override
    public Kind kind() {
        return task.isPresent() ? Kind.TASK : Kind.WORKER;
    }

    @Override
    public String name() {
        return "casemate-" + agent.name();
    }

    @Override
    public List<String> arguments() {
        return task.map(List::of).orElse(List.of("--worker", "proxy"));
    }

    @Override
    public Bounds bounds() {
        return Bounds.of(agent.limits(), task.isPresent());
    }

    @Override
    public List<Target> targets() {
        var targets = new ArrayList<>(List.of(proxy));
        targets.addAll(destinations);
        return List.copyOf(targets);
    }

    @Override
    public List<SecretFile> secrets() {
        return targets().stream()
                .flatMap(target ->
                        target.secret().stream()
                                .map(secret -> new SecretFile(target.secretFile(), secret)))
                .toList();
    }

    @Override
    public SortedMap<String, String> documents(UnaryOperator<String> secretPath) {
        var documents = new TreeMap<String, String>();
        documents.put("deployment.json", deployment(secretPath).toJson().text());
        documents.put("hosts", hosts());
        for (var target : targets()) {
            target.certificates().ifPresent(pem -> documents.put(target.certificatesFile(), pem));
        }
        return documents;
    }

    private Deployment deployment(UnaryOperator<String> secretPath) {
        return new Deployment(
                agent.digest(),
                correlation,
                endpoint(proxy, secretPath),
                destinations.stream()
                        .collect(
                                Collectors.toMap(
                                        Target::name, target -> endpoint(target, secretPath))),
                model);
    }

    private static Endpoint endpoint(Target target, UnaryOperator<String> secretPath) {
        return new Endpoint(
                target.hostName(),
                target.port(),
                target.certificates()
                        .map(_ -> Deployment.DIRECTORY + "/" + target.certificatesFile()),
                target.secret().map(_ -> secretPath.apply(target.secretFile())));
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Optional<Inbound> inbound() {
        return Optional.empty();
    }

    @Override
    public Optional<Digest> manifest() {
        return Optional.of(agent.digest());
    }

    @Override
    public Optional<Json.Obj> systemCalls() {
        return Optional.of(calls);
    }
}
