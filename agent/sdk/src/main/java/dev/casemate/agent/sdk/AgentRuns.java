package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collections;
import java.util.function.Function;

/// Makes the runs of one deployed agent. Each has tools of its own, so that nothing is left over
/// from the run before it.
final class AgentRuns {

    private final Deployment deployment;
    private final Function<Deployment, ToolSet> agent;
    private final OpenAiChatClient.Answers answers;
    private final Approver approver;
    private final EventLines lines;
    private final Pause pause;
    private final ProxyConnection proxy;
    private final SecureRandom random = new SecureRandom();

    /// @throws GuardException with code `MISCONFIGURED`
    AgentRuns(
            Deployment deployment,
            Function<Deployment, ToolSet> agent,
            OpenAiChatClient.Answers answers,
            Approver approver,
            EventLines lines,
            Pause pause) {
        this.deployment = deployment;
        this.agent = agent;
        this.answers = answers;
        this.approver = approver;
        this.lines = lines;
        this.pause = pause;
        proxy = new ProxyConnection(deployment);
    }

    Correlation worker() {
        return deployment.correlation();
    }

    ProxyConnection proxy() {
        return proxy;
    }

    /// @param run who the run is, in the ledger and to the tools
    /// @throws ManifestException if deployment, tool set and manifest are not of one piece
    /// @throws GuardException with code `MISCONFIGURED`
    AgentLoop loop(Correlation run) throws IOException {
        var bound =
                new Deployment(
                        deployment.manifest(),
                        run,
                        deployment.proxy(),
                        deployment.destinations(),
                        deployment.model());
        var tools = agent.apply(bound);
        bound.requireFor(tools.manifest());
        requireCompiled(tools.manifest());
        var connection = proxy.forRun(run);
        var session =
                ProxySession.of(
                        connection, tools.manifest(), answers, random, pause, this::notPosted);
        return new AgentLoop(
                tools,
                session.model(),
                bound.model(),
                run,
                InstantSource.system(),
                random,
                approver,
                event -> {
                    if (!(event instanceof RunEvent.Traced)) {
                        lines.event(event.toJson());
                    }
                    session.listener().on(event);
                });
    }

    private void notPosted(String failure) {
        lines.problem(
                Json.object().put("event", "event_not_posted").put("failure", failure).build());
    }

    /// Holds the tool set against the manifest that lies beside it in the image: two that differ
    /// were not compiled together.
    private static void requireCompiled(AgentManifest manifest) throws IOException {
        var resources = Collections.list(ClassLoader.getSystemResources(AgentManifest.RESOURCE));
        if (resources.size() != 1) {
            throw new IOException("expected exactly one " + AgentManifest.RESOURCE);
        }
        try (var in = resources.getFirst().openStream()) {
            var beside = AgentManifest.read(bytes(in, AgentManifest.MAX_BYTES));
            if (!beside.digest().equals(manifest.digest())) {
                throw new ManifestException(
                        ManifestException.Code.DIGEST_MISMATCH,
                        "",
                        "expected the manifest that the tool set was compiled with");
            }
        }
    }

    /// @throws IOException also if there are more
    static byte[] bytes(InputStream in, int maxBytes) throws IOException {
        var bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new IOException("expected at most " + maxBytes + " bytes");
        }
        return bytes;
    }
}
