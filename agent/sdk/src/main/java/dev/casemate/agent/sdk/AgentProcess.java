package dev.casemate.agent.sdk;

import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The process of a contained agent: one task, one run, one exit code.
///
/// Events go to standard output, one JSON object a line, and to the proxy. What goes wrong before
/// the run goes to standard error, in one such line. A signal to end cancels the run, which still
/// tells its end.
public final class AgentProcess {

    /// Exit code: the run ended with an answer.
    public static final int ANSWERED = 0;

    /// Exit code: the process did not begin, because its deployment, manifest or arguments will not
    /// do.
    public static final int MISCONFIGURED = 64;

    /// Exit code: the run ended without an answer.
    public static final int NOT_ANSWERED = 65;

    /// System property with the path of the deployment document, where it is not [Deployment#FILE].
    public static final String DEPLOYMENT_PROPERTY = "casemate.deployment";

    /// A longer task is refused.
    public static final int MAX_TASK_CHARS = 65_536;

    private static final int MAX_DEPLOYMENT_BYTES = 1 << 20;

    /// How long a signal waits for the run's last event.
    private static final long SHUTDOWN_SECONDS = 5;

    private final PrintStream out;
    private final PrintStream err;

    AgentProcess(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /// Runs the agent and ends the process.
    ///
    /// @param args the task, as one argument
    /// @param agent makes the agent's tools for this deployment
    public static void main(String[] args, Function<Deployment, ToolSet> agent) {
        var done = new CountDownLatch(1);
        cancelOnSignal(Thread.currentThread(), done);
        int code;
        try {
            var file = Path.of(System.getProperty(DEPLOYMENT_PROPERTY, Deployment.FILE));
            code = new AgentProcess(System.out, System.err).run(args, file, agent);
        } finally {
            done.countDown();
        }
        System.exit(code);
    }

    private static void cancelOnSignal(Thread run, CountDownLatch done) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    run.interrupt();
                                    try {
                                        boolean _ = done.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                },
                                "cancel on signal"));
    }

    /// @return the exit code
    int run(String[] args, Path deploymentFile, Function<Deployment, ToolSet> agent) {
        AgentLoop loop;
        String task;
        try {
            task = task(args);
            var deployment = Deployment.read(bytes(deploymentFile, MAX_DEPLOYMENT_BYTES));
            var tools = agent.apply(deployment);
            deployment.requireFor(tools.manifest());
            requireCompiled(tools.manifest());
            loop = loop(tools, deployment);
        } catch (ManifestException | GuardException | IOException | IllegalArgumentException e) {
            return refuseToStart(e);
        }
        var report = loop.run(task);
        return report.end() instanceof RunEnd.Answered ? ANSWERED : NOT_ANSWERED;
    }

    private static String task(String[] args) {
        if (args.length != 1 || args[0].isBlank() || args[0].length() > MAX_TASK_CHARS) {
            throw new IllegalArgumentException(
                    "expected the task as one argument of at most "
                            + MAX_TASK_CHARS
                            + " characters");
        }
        return args[0];
    }

    private AgentLoop loop(ToolSet tools, Deployment deployment) {
        var random = new SecureRandom();
        var proxy = new ProxyConnection(deployment);
        var post = new EventPost(proxy, this::eventNotPosted);
        return new AgentLoop(
                tools,
                new OpenAiChatClient(proxy),
                deployment.model(),
                deployment.correlation(),
                InstantSource.system(),
                random,
                Approver.NOBODY,
                event -> {
                    line(out, event.toJson());
                    post.on(event);
                });
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

    private static byte[] bytes(Path file, int maxBytes) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return bytes(in, maxBytes);
        }
    }

    private static byte[] bytes(InputStream in, int maxBytes) throws IOException {
        var bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new IOException("expected at most " + maxBytes + " bytes");
        }
        return bytes;
    }

    private int refuseToStart(Exception reason) {
        var code =
                switch (reason) {
                    case ManifestException e -> e.code().name();
                    case GuardException e -> e.code().name();
                    default -> reason.getClass().getSimpleName();
                };
        line(
                err,
                Json.object()
                        .put("event", "not_started")
                        .put("code", code)
                        .put("message", String.valueOf(reason.getMessage()))
                        .build());
        return MISCONFIGURED;
    }

    private void eventNotPosted(String failure) {
        line(err, Json.object().put("event", "event_not_posted").put("failure", failure).build());
    }

    /// UTF-8, whatever the container's locale is.
    private static void line(PrintStream stream, Json json) {
        var bytes = (json.text() + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
        stream.flush();
    }
}
