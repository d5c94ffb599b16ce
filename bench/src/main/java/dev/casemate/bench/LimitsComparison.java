package dev.casemate.bench;

import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.container.launch.Binding;
import dev.casemate.container.launch.Control;
import dev.casemate.container.launch.Exit;
import dev.casemate.container.launch.LaunchRequest;
import dev.casemate.container.launch.Launcher;
import dev.casemate.container.launch.Supervision;
import dev.casemate.container.launch.probe.Runaway;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What the host's own work takes beside contained programs that take one thing without end.
///
/// The work is bounded: on each processor the same bytes are hashed, and blocks are written
/// durably. Each program is launched as the product launches it, with the restarts that a
/// deployment may ask for, and the work begins when the program has said that it has started.
final class LimitsComparison {

    private static final int HASHED_MIB = 1_536;
    private static final int BLOCKS = 200;
    private static final int BLOCK_BYTES = 64 << 10;
    private static final int RESTARTS = 3;

    /// Its deadline is longer than the work takes.
    private static final AgentManifest MANIFEST =
            AgentManifest.read(
                    """
                    {"apiVersion":"casemate.dev/v1","name":"runaway","version":"1","owner":"bench@example.com",
                     "purpose":"Measures","prompt":{"persona":"You are a test.","scope":"Tests.","refusals":["Anything else."]},
                     "models":["model"],"tools":[],"destinations":[],
                     "limits":{"steps":5,"toolCalls":5,"tokens":1000,"deadlineSeconds":1,"identicalCalls":2,"cpuMillis":500,
                       "memoryBytes":268435456,"tmpBytes":16777216,"pids":64,"ioBytesPerSecond":10485760},
                     "capabilities":["network-connect"]}
                    """
                            .getBytes(StandardCharsets.UTF_8));

    /// What runs beside the work.
    private enum Beside {
        ALONE("", true),
        NOTHING("nothing", true),
        PROCESSOR("processor", true),
        MEMORY("memory", true),
        THREADS("threads", true),
        DISK("disk", true),
        /// The control: what a spinning program does to the work if nothing holds it.
        PROCESSOR_WITHOUT_LIMITS("processor", false);

        private final String program;
        private final boolean limited;

        Beside(String program, boolean limited) {
            this.program = program;
            this.limited = limited;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private final Path image;
    private final Path work;
    private final int port;

    private LimitsComparison(Path image, Path work, int port) {
        this.image = image;
        this.work = work;
        this.port = port;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        var work = Files.createTempDirectory(Path.of("bench", "target"), "limits");
        try (var proxy = new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1"))) {
            var jar =
                    Path.of(
                            Runaway.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            var image =
                    AgentImage.buildProbe(
                                    new ImageRequest(
                                            "localhost/casemate-bench-runaway:1",
                                            List.of(jar),
                                            Runaway.class.getName(),
                                            MANIFEST,
                                            "bench"),
                                    work.resolve("runaway.tar"),
                                    Path.of("target", "image-cache").toAbsolutePath(),
                                    _ -> {})
                            .archive();
            try {
                new LimitsComparison(image, work, proxy.getLocalPort()).compare(rounds);
            } finally {
                Launcher.removeImage(Launcher.imageId(image));
            }
        } finally {
            delete(work);
        }
    }

    private void compare(int rounds) throws Exception {
        work();
        Map<Beside, List<Long>> millis = new EnumMap<>(Beside.class);
        for (int round = 1; round <= rounds; round++) {
            for (var beside : Beside.values()) {
                long taken = measure(beside);
                millis.computeIfAbsent(beside, _ -> new ArrayList<>()).add(taken);
                System.out.printf("round %d  %-26s %6d ms%n", round, beside.word(), taken);
            }
        }
        long alone = median(millis.getOrDefault(Beside.ALONE, List.of()));
        for (var beside : Beside.values()) {
            long median = median(millis.getOrDefault(beside, List.of()));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d ms | %.2f |%n",
                    beside.word(),
                    median,
                    median / (double) alone);
        }
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private long measure(Beside beside) throws Exception {
        if (beside == Beside.ALONE) {
            return work();
        }
        var started = new CountDownLatch(1);
        var end = new CompletableFuture<Exit>();
        Thread.ofPlatform()
                .start(() -> {
                    try {
                        end.complete(launch(beside, started));
                    } catch (RuntimeException e) {
                        end.completeExceptionally(e);
                        started.countDown();
                    }
                });
        started.await();
        long taken = work();
        System.out.println("           ended as " + end.join().reason());
        return taken;
    }

    private Exit launch(Beside beside, CountDownLatch started) {
        // What is held to its deadline is still there when the work is done; what ends at once
        // comes back.
        boolean stays = Set.of("nothing", "processor").contains(beside.program);
        return Launcher.run(
                new LaunchRequest(
                        image,
                        "localhost/casemate-bench-runaway:1",
                        MANIFEST,
                        new Correlation("bench", "bench", "bench"),
                        "model",
                        new Binding(
                                Binding.PROXY,
                                "proxy.casemate.test",
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                                Optional.empty(),
                                Optional.empty()),
                        List.of(),
                        List.of(beside.program),
                        beside.limited ? Set.of() : Set.of(Control.LIMITS)),
                new Supervision(Optional.empty(), stays ? 0 : RESTARTS),
                _ -> started.countDown(),
                _ -> {});
    }

    /// @return how long it took, in milliseconds
    private long work() throws Exception {
        long begun = System.nanoTime();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.add(Thread.ofPlatform().start(LimitsComparison::hash));
        }
        write();
        for (var thread : threads) {
            thread.join();
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private static void hash() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            var bytes = new byte[1 << 20];
            for (int i = 0; i < HASHED_MIB; i++) {
                sha256.update(bytes);
            }
            if (sha256.digest().length != 32) {
                throw new IllegalStateException("expected 32 bytes");
            }
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void write() throws IOException {
        try (var file =
                FileChannel.open(
                        work.resolve("blocks"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int i = 0; i < BLOCKS; i++) {
                file.write(ByteBuffer.allocate(BLOCK_BYTES));
                file.force(false);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
