package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.container.launch.Exit.Reason;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the probe under podman: with every control nothing comes about, and each control, switched
/// off, lets an attack through that it held alone.
///
/// The controls overlap, on purpose. Where two of them stop the same attack, the other one is off
/// in both runs, so that what is seen is the work of the control under test.
final class ContainmentTest {

    @TempDir static Path directory;

    private static final Map<List<?>, Map<String, Boolean>> SEEN = new HashMap<>();

    private static SimulatedInternet internet;
    private static Listener proxy;
    private static Listener prices;
    private static Listener host;
    private static Path sealed;
    private static Path unsealed;
    private static Path secret;

    @BeforeAll
    static void build() throws Exception {
        Machine.assumeItCanLaunch();
        internet = new SimulatedInternet();
        proxy = new Listener("127.0.0.1", 0);
        prices = new Listener("127.0.0.1", 0);
        host = new Listener("0.0.0.0", 0);
        sealed = TestImages.probe();
        unsealed = TestImages.unsealedProbe();
        secret = Files.writeString(directory.resolve("secret"), "not for anybody");
    }

    @AfterAll
    static void remove() throws Exception {
        if (sealed != null && unsealed != null) {
            TestImages.remove(sealed, unsealed);
        }
        for (AutoCloseable closeable : new AutoCloseable[] {internet, proxy, prices, host}) {
            if (closeable != null) {
                closeable.close();
            }
        }
    }

    @Test
    void withEveryControlNothingComesAboutAndWhatIsAllowedIsReached() {
        var seen = probe(sealed);
        assertThat(seen).hasSizeGreaterThan(40);
        assertThat(open(seen)).isEqualTo(allowed());
    }

    @Test
    void onAnUnsealedRuntimeTheContainerHoldsAllButTheJvmsOwnInside() {
        var inside = new ArrayList<>(allowed());
        // What the sealing of the runtime stops, and a container cannot.
        inside.addAll(
                List.of(
                        "call system() of the C library",
                        "define a class with a loader",
                        "define a class with URLClassLoader",
                        "define a class with Lookup",
                        "define a hidden class",
                        "open for writing /proc/self/mem",
                        "read /proc/1/environ"));
        assertThat(open(probe(unsealed))).containsExactlyInAnyOrderElementsOf(inside);
    }

    @Test
    void theNetworkControlStopsEveryConnectionThatTheManifestDoesNotName() {
        stops(sealed, Set.of(), Control.NETWORK, "connect 203.0.113.5:443");
        stops(sealed, Set.of(), Control.NETWORK, "connect 203.0.113.7:8080");
        stops(sealed, Set.of(), Control.NETWORK, "connect 203.0.113.1:" + host.port());
    }

    @Test
    void theListOfSystemCallsStopsProcessesListenersAndDatagrams() {
        stops(unsealed, Set.of(), Control.SECCOMP, "start a process with ProcessBuilder");
        stops(unsealed, Set.of(), Control.SECCOMP, "start a process with Runtime.exec");
        stops(unsealed, Set.of(), Control.SECCOMP, "listen with a socket");
    }

    @Test
    void theReadOnlyControlStopsExecutingWhatWasWrittenAndWritingAnywhereElse() {
        stops(unsealed, Set.of(Control.SECCOMP), Control.READ_ONLY, "execute a file in /tmp");
        stops(sealed, Set.of(Control.USER), Control.READ_ONLY, "write in /app");
    }

    @Test
    void theCapabilitiesControlStopsReadingWhatNobodyMayRead() {
        stops(
                sealed,
                Set.of(Control.USER),
                Control.CAPABILITIES,
                "read a file that nobody may read");
    }

    @Test
    void theUserControlStopsWhatOnlyRootMayDo() {
        stops(sealed, Set.of(), Control.USER, "open for writing /proc/self/mem");
        stops(sealed, Set.of(), Control.USER, "read /proc/vmallocinfo");
    }

    @Test
    void theLimitsStopTakingMoreThanOnesShare() {
        var tmp = "write more than %d bytes in /tmp".formatted(Examples.LIMITS.tmpBytes());
        stops(sealed, Set.of(), Control.LIMITS, tmp);
        stops(sealed, Set.of(), Control.LIMITS, "start 400 threads");
        stops(sealed, Set.of(), Control.LIMITS, "open 1500 files");
    }

    @Test
    void anAgentThatWantsMoreMemoryThanItHasIsEndedAndTheReasonIsNamed() {
        var exit = run(sealed, Set.of(), List.of("--memory-bytes", "2000000000"), new TreeMap<>());
        assertThat(exit.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    }

    /// Holds that the attack fails with these controls off, and comes about with one more off.
    private static void stops(Path image, Set<Control> others, Control control, String attack) {
        assertThat(probe(image, others.toArray(Control[]::new)))
                .as("with the control")
                .containsEntry(attack, true);
        var without = new ArrayList<>(others);
        without.add(control);
        assertThat(probe(image, without.toArray(Control[]::new)))
                .as("with %s off", control)
                .containsEntry(attack, false);
    }

    private static List<String> open(Map<String, Boolean> seen) {
        return seen.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> allowed() {
        return List.of(
                "connect prices.casemate.test:443",
                "connect proxy.casemate.test:443",
                "connect warehouse.casemate.test:5432",
                "write and copy a file in /tmp");
    }

    /// Attempt to whether it was held; a run that was made before is not made again.
    private static Map<String, Boolean> probe(Path image, Control... without) {
        return SEEN.computeIfAbsent(
                List.of(image, Set.of(without)),
                key -> {
                    var seen = new TreeMap<String, Boolean>();
                    var exit = run(image, Set.of(without), List.of(), seen);
                    assertThat(exit.reason()).isIn(Reason.COMPLETED, Reason.FAILED);
                    return seen;
                });
    }

    private static Exit run(
            Path image, Set<Control> without, List<String> more, Map<String, Boolean> seen) {
        var arguments = new ArrayList<>(forbidden());
        for (var name :
                List.of(
                        "proxy.casemate.test:443",
                        "prices.casemate.test:443",
                        "warehouse.casemate.test:5432")) {
            arguments.addAll(List.of("--allowed", name));
        }
        arguments.addAll(List.of("--tmp-bytes", "" + Examples.LIMITS.tmpBytes()));
        arguments.addAll(more);
        var lines = new ConcurrentLinkedQueue<String>();
        var errors = new ConcurrentLinkedQueue<String>();
        var exit = Launcher.run(request(image, arguments, without), lines::add, errors::add);
        for (var control : without) {
            assertThat(errors).anyMatch(line -> line.contains(control + " IS SWITCHED OFF"));
        }
        if (Boolean.getBoolean("casemate.test.show")) {
            lines.forEach(line -> System.out.println(without + " " + line));
            errors.forEach(line -> System.out.println(without + " " + line));
        }
        // What does not begin so is the JVM's own complaint about threads that it did not get.
        for (var line : lines.stream().filter(line -> line.startsWith("{")).toList()) {
            var attempt = (Json.Obj) JsonReader.read(line);
            attempt.text("attempt")
                    .ifPresent(name ->
                            seen.put(
                                    name, ((Json.Bool) attempt.get("held").orElseThrow()).value()));
        }
        assertThat(seen).as("errors: %s", errors).isNotEmpty();
        return exit;
    }

    private static List<String> forbidden() {
        var arguments = new ArrayList<String>();
        for (var peer :
                List.of(
                        SimulatedInternet.WEB + ":" + SimulatedInternet.WEB_PORT,
                        SimulatedInternet.NEIGHBOUR + ":" + SimulatedInternet.NEIGHBOUR_PORT,
                        // Bound by its name; by its own address it is as forbidden as any other.
                        SimulatedInternet.WAREHOUSE + ":" + SimulatedInternet.WAREHOUSE_PORT,
                        SimulatedInternet.HOST + ":" + host.port(),
                        "198.18.0.1:" + host.port(),
                        "198.18.0.10:80",
                        "127.0.0.1:" + host.port(),
                        "169.254.169.254:80",
                        "[::1]:" + host.port(),
                        "[2001:db8::1]:443")) {
            arguments.addAll(List.of("--forbidden", peer));
        }
        return arguments;
    }

    private static LaunchRequest request(Path image, List<String> arguments, Set<Control> without) {
        return new LaunchRequest(
                image,
                "localhost/casemate-launch-test:1",
                Examples.agent(),
                new Correlation("run-1", "workflow-1", "transaction-1"),
                Examples.MODEL,
                new Binding(
                        Binding.PROXY,
                        "proxy.casemate.test",
                        proxy.address(),
                        Optional.of(secret),
                        Optional.of(secret)),
                List.of(
                        new Binding(
                                "prices",
                                "prices.casemate.test",
                                prices.address(),
                                Optional.empty(),
                                Optional.empty()),
                        new Binding(
                                "warehouse",
                                "warehouse.casemate.test",
                                new InetSocketAddress(
                                        InetAddress.ofLiteral(SimulatedInternet.WAREHOUSE),
                                        SimulatedInternet.WAREHOUSE_PORT),
                                Optional.empty(),
                                Optional.of(secret))),
                arguments,
                without);
    }
}
