package dev.casemate.container.launch;

import dev.casemate.manifest.Correlation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A launch by a user without root.
final class RootlessChild {

    static final int REFUSED = 99;

    private RootlessChild() {}

    /// Arguments: the archive, a secret file, the port that all bindings lead to, `strict` or
    /// `process-limits`, and the probe's.
    public static void main(String[] arguments) {
        var secret = Optional.of(Path.of(arguments[1]));
        var address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2]));
        var request =
                new LaunchRequest(
                        Path.of(arguments[0]),
                        "localhost/casemate-launch-test:1",
                        Examples.agent(),
                        new Correlation("run-1", "workflow-1", "transaction-1"),
                        Examples.MODEL,
                        binding(Binding.PROXY, address, secret),
                        List.of(
                                binding("prices", address, Optional.empty()),
                                binding("warehouse", address, secret)),
                        Arrays.asList(arguments).subList(4, arguments.length),
                        Set.of());
        try {
            var exit =
                    Launcher.run(
                            arguments[3].equals("strict") ? request : request.withProcessLimits(),
                            System.out::println,
                            System.err::println);
            System.out.println("ended " + exit.reason());
        } catch (LaunchException e) {
            System.out.println("refused " + e.getMessage());
            System.exit(REFUSED);
        }
    }

    private static Binding binding(String name, InetSocketAddress target, Optional<Path> secret) {
        return new Binding(name, name + ".casemate.test", target, secret, secret);
    }
}
