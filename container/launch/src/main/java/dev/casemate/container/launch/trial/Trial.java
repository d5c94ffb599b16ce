package dev.casemate.container.launch.trial;

import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The process that makes the launches of a trial: to be started by [SimulatedWorld#java].
///
/// Arguments: the image, one on a whole JDK for the same manifest, the manifest, a directory for
/// files of its own, then `text`, `json`, `raw` or `page`, and the names of controls to switch off.
/// A page is made from one trial with every control, one without each, and one with each alone; it
/// goes to standard output if all was as expected. A launch that ended before it had made all
/// attempts is repeated once for it; what came about is never asked twice.
///
/// Exit code: 0 if everything was as expected, else 1.
public final class Trial {

    private static final int AS_EXPECTED = 0;
    private static final int FINDING = 1;

    private Trial() {}

    public static void main(String[] arguments) throws IOException {
        var given = List.of(arguments);
        try (var proxy = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> accept(proxy));
            var launch =
                    new TrialLaunch(
                            Path.of(given.get(0)),
                            Path.of(given.get(1)),
                            AgentManifest.read(Files.readAllBytes(Path.of(given.get(2)))),
                            Path.of(given.get(3)),
                            proxy.getLocalPort());
            var without = EnumSet.noneOf(TrialControl.class);
            given.subList(5, given.size()).forEach(name -> without.add(TrialControl.of(name)));
            System.exit(make(launch, given.get(4), without));
        }
    }

    private static int make(TrialLaunch launch, String form, Set<TrialControl> without) {
        return switch (form) {
            case "page" -> page(launch);
            case "raw" -> raw(launch);
            default -> {
                var table = new ResultTable(without, launch.run(without), Expectations.read());
                System.out.print(form.equals("json") ? table.json() : table.text());
                yield proves(table) ? AS_EXPECTED : FINDING;
            }
        };
    }

    private static List<Set<TrialControl>> settings() {
        var settings = new ArrayList<Set<TrialControl>>();
        settings.add(Set.of());
        for (var control : TrialControl.values()) {
            settings.add(Set.of(control));
        }
        for (var control : TrialControl.values()) {
            settings.add(EnumSet.complementOf(EnumSet.of(control)));
        }
        return settings;
    }

    private static int raw(TrialLaunch launch) {
        for (var without : settings()) {
            for (var finding : launch.run(without)) {
                System.out.println(
                        without
                                + " | "
                                + finding.key()
                                + " | "
                                + finding.outcome()
                                + " | "
                                + finding.seen());
            }
        }
        return AS_EXPECTED;
    }

    private static int page(TrialLaunch launch) {
        var expectations = Expectations.read();
        boolean asExpected = true;
        for (var without : settings()) {
            System.err.println("probe: without " + without);
            var table = new ResultTable(without, launch.run(without), expectations);
            if (table.cutShort()) {
                table.surprises().forEach(line -> System.err.println("to be repeated: " + line));
                table = new ResultTable(without, launch.run(without), expectations);
            }
            table.surprises().forEach(System.err::println);
            table.heldByMachine().forEach(System.err::println);
            asExpected &= proves(table);
        }
        if (asExpected) {
            System.out.print(new DefencePage(expectations).text());
        }
        return asExpected ? AS_EXPECTED : FINDING;
    }

    /// A control that is off and lets nothing through shows nothing, whatever else was seen.
    private static boolean proves(ResultTable table) {
        if (table.without().isEmpty() || table.letsThrough()) {
            return table.asExpected();
        }
        System.err.println("not as expected without " + table.without() + ": nothing came about");
        return false;
    }

    private static void accept(ServerSocket proxy) {
        while (!proxy.isClosed()) {
            try {
                proxy.accept().close();
            } catch (IOException next) {
                // Whoever it was is gone, or the trial is over.
            }
        }
    }
}
