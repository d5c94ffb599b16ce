package dev.casemate.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.container.launch.Binding;
import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.Work;
import dev.casemate.governance.Identity;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// How long an agent takes from the start of its container to its first prompt: the image that
/// Casemate builds, the same without its archive of the start, and the same jars on a whole JDK.
///
/// Each is launched as the product launches it, with the same limits and controls. The prompt goes
/// to a server of this process, which asks the kernel at that moment since when the agent's process
/// has been there (in hundredths of a second) and what processor time it has taken.
final class StartComparison {

    private static final double TICKS_PER_SECOND = 100;
    private static final String PROMPT = "/v1/chat/completions";

    private static final String ANSWER =
            """
            {"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"canned",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Nothing to report."},"logprobs":null,
               "finish_reason":"stop"}],
             "usage":{"prompt_tokens":420,"completion_tokens":5,"total_tokens":425}}
            """;

    private enum Contestant {
        SEALED("sealed runtime, archive of the start"),
        SEALED_WITHOUT_ARCHIVE("sealed runtime, no archive"),
        WHOLE_JDK("whole JDK, its own archive of the JDK's classes");

        private final String shown;

        Contestant(String shown) {
            this.shown = shown;
        }
    }

    /// @param sinceLaunch milliseconds from the call of the launcher, its network included
    /// @param sinceStart milliseconds from the start of the container's process
    /// @param processor milliseconds of processor time that the process had taken
    private record First(double sinceLaunch, double sinceStart, double processor) {}

    /// The images, in podman's store or as archives.
    private record Images(Path sealed, Path whole) {}

    private final AgentApplication agent;
    private final Path work;
    private final Identity identity;
    private final AtomicReference<CompletableFuture<First>> waiting =
            new AtomicReference<>(new CompletableFuture<>());
    private volatile long launched;

    private StartComparison(AgentApplication agent, Path work) {
        this.agent = agent;
        this.work = work;
        identity = Identity.create(work, "proxy", List.of(host(Binding.PROXY)));
    }

    /// Arguments: the number of rounds, and the directory of an agent's jars.
    public static void main(String[] arguments) throws Exception {
        var work = Files.createTempDirectory(Path.of("bench", "target"), "start").toAbsolutePath();
        try {
            new StartComparison(AgentApplication.read(Path.of(arguments[1])), work)
                    .compare(Integer.parseInt(arguments[0]));
        } finally {
            delete(work);
        }
    }

    private void compare(int rounds) throws Exception {
        var server = server();
        server.start();
        var images = new Images(sealed(), whole());
        try {
            Map<Contestant, List<First>> seen = new EnumMap<>(Contestant.class);
            for (var contestant : Contestant.values()) {
                // Loads the image into podman's store, and its files into the host's memory.
                measure(contestant, images, server.getAddress().getPort());
            }
            for (int round = 1; round <= rounds; round++) {
                for (var contestant : Contestant.values()) {
                    var first = measure(contestant, images, server.getAddress().getPort());
                    seen.computeIfAbsent(contestant, _ -> new ArrayList<>()).add(first);
                    System.out.printf(Locale.ROOT, "round %d  %s  %s%n", round, contestant, first);
                }
            }
            print(seen);
        } finally {
            server.stop(0);
            Launcher.removeImage(Launcher.imageId(images.sealed()));
            Launcher.removeImage(Launcher.imageId(images.whole()));
        }
    }

    private static void print(Map<Contestant, List<First>> seen) {
        System.out.println(
                "| image | process to prompt, ms | ratio | processor, ms | ratio | launch to prompt, ms | ratio |");
        System.out.println("|---|---|---|---|---|---|---|");
        seen.forEach((contestant, firsts) -> {
            var line = new StringBuilder("| " + contestant.shown);
            for (Function<First, Double> figure :
                    List.<Function<First, Double>>of(
                            First::sinceStart, First::processor, First::sinceLaunch)) {
                double median = median(firsts, figure);
                double base = median(seen.getOrDefault(Contestant.SEALED, List.of()), figure);
                line.append(String.format(Locale.ROOT, " | %.0f | %.2f", median, median / base));
            }
            System.out.println(line + " |");
        });
    }

    private static double median(List<First> firsts, Function<First, Double> figure) {
        return firsts.stream()
                .map(figure)
                .sorted()
                .skip(firsts.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private First measure(Contestant contestant, Images images, int port) throws Exception {
        var first = new CompletableFuture<First>();
        waiting.set(first);
        var errors = new ArrayList<String>();
        launched = System.nanoTime();
        var exit =
                Launcher.run(
                        request(
                                contestant == Contestant.WHOLE_JDK
                                        ? images.whole()
                                        : images.sealed(),
                                contestant == Contestant.SEALED_WITHOUT_ARCHIVE
                                        ? withoutArchive()
                                        : new Work.Once(List.of("What is the price of copper?")),
                                port),
                        _ -> {},
                        errors::add);
        if (exit.reason() != Exit.Reason.COMPLETED) {
            throw new IllegalStateException(
                    "expected %s to complete: %s %s".formatted(contestant, exit, errors));
        }
        return first.get(1, TimeUnit.SECONDS);
    }

    /// The entry point of the image, but for the option that names the archive.
    private Work withoutArchive() {
        var classPath =
                agent.jars().stream().map(jar -> "/app/lib/" + jar.getFileName()).sorted().toList();
        return new Work.Program(
                work,
                List.of(
                        "/opt/java/bin/java",
                        "@/app/java.args",
                        "-cp",
                        String.join(":", classPath),
                        agent.mainClass()),
                List.of("What is the price of copper?"));
    }

    private LaunchRequest request(Path image, Work task, int port) {
        var manifest = agent.manifest();
        var target = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        return new LaunchRequest(
                image,
                "localhost/" + manifest.name() + ":" + manifest.version(),
                manifest,
                new Correlation("bench", "bench", "bench"),
                manifest.models().getFirst(),
                binding(Binding.PROXY, target),
                manifest.destinations().stream()
                        .map(destination -> binding(destination.name(), target))
                        .toList(),
                task,
                Set.of());
    }

    /// Any file will do as a secret: nobody asks for it here.
    private Binding binding(String name, InetSocketAddress target) {
        return new Binding(
                name,
                host(name),
                target,
                Optional.of(identity.certificate()),
                Optional.of(identity.passwordFile()));
    }

    private static String host(String name) {
        return name + ".casemate.test";
    }

    private HttpsServer server() throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        var password = Files.readString(identity.passwordFile()).toCharArray();
        try (var stream = Files.newInputStream(identity.keyStore())) {
            keys.load(stream, password);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        var server =
                HttpsServer.create(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean prompt = exchange.getRequestURI().getPath().equals(PROMPT);
            if (prompt) {
                waiting.get().complete(seen());
            }
            exchange.getRequestBody().readAllBytes();
            var body = (prompt ? ANSWER : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private First seen() throws IOException {
        double sinceLaunch = (System.nanoTime() - launched) / 1e6;
        double uptime =
                Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
        // What follows the name, which is in parentheses: the state is field 3 of proc_pid_stat(5).
        var status = Files.readString(process().resolve("stat"));
        var fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
        double processor = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        double start = Double.parseDouble(fields[19]) / TICKS_PER_SECOND;
        return new First(sinceLaunch, (uptime - start) * 1e3, processor / TICKS_PER_SECOND * 1e3);
    }

    /// The one that runs the agent's main class with the image's Java.
    private Path process() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(this::isAgent)
                    .findFirst()
                    .orElseThrow(() -> new IOException("expected the agent's process"));
        }
    }

    private boolean isAgent(Path process) {
        try {
            var line = Files.readString(process.resolve("cmdline"));
            return line.startsWith("/opt/java/bin/java\0")
                    && line.contains("\0" + agent.mainClass() + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    private Path sealed() {
        return AgentImage.build(
                        imageRequest(""), work.resolve("sealed.tar"), cache(), System.out::println)
                .archive();
    }

    /// As a container file on a JDK's image makes it: every module, the JDK's own archive of its
    /// classes, and the options that an agent cannot do without.
    private Path whole() throws IOException, InterruptedException {
        var base =
                AgentImage.buildUnsealed(
                        imageRequest("-base"),
                        work.resolve("base.tar"),
                        cache(),
                        System.out::println);
        var name = imageRequest("-whole").reference();
        var archive = work.resolve("whole.tar");
        var context = Files.createDirectory(work.resolve("context"));
        Commands.run(List.of("cp", "-rL", System.getProperty("java.home"), context + "/jdk"));
        Files.writeString(
                context.resolve("Containerfile"),
                "FROM %s\nCOPY jdk /opt/java\n".formatted(base.reference()));
        try {
            Commands.run(
                    List.of(
                            "podman",
                            "pull",
                            "--quiet",
                            "oci-archive:" + base.archive() + ":" + base.reference()));
            Commands.run(List.of("podman", "build", "--quiet", "--tag", name, context.toString()));
            Commands.run(
                    List.of(
                            "podman",
                            "save",
                            "--quiet",
                            "--format",
                            "oci-archive",
                            "--output",
                            archive.toString(),
                            name));
        } finally {
            Launcher.removeImage(base.imageId());
        }
        return archive;
    }

    private ImageRequest imageRequest(String suffix) {
        var manifest = agent.manifest();
        return new ImageRequest(
                "localhost/bench-" + manifest.name() + suffix + ":" + manifest.version(),
                agent.jars(),
                agent.mainClass(),
                manifest,
                "bench");
    }

    private static Path cache() {
        return Path.of("target", "image-cache").toAbsolutePath();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
