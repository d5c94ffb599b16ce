package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// 203.0.113.0/24 (TEST-NET-3) as a network namespace on this machine, with listeners in it.
/// Nothing that is sent there leaves the machine.
final class SimulatedInternet implements AutoCloseable {

    static final String HOST = "203.0.113.1";
    static final String WEB = "203.0.113.5";
    static final String WAREHOUSE = "203.0.113.6";
    static final String NEIGHBOUR = "203.0.113.7";
    static final int WEB_PORT = 443;
    static final int WAREHOUSE_PORT = 15_432;
    static final int NEIGHBOUR_PORT = 8_080;

    private static final Duration STEP = Duration.ofSeconds(20);

    private final Commands commands = new ProcessCommands();
    private final String namespace = "cminet-" + ProcessHandle.current().pid();
    private final String link = "cmi" + ProcessHandle.current().pid();
    private final Process listeners;

    SimulatedInternet() throws IOException {
        var there = "eth0";
        step("ip", "netns", "add", namespace);
        step("ip", "link", "add", link, "type", "veth", "peer", "name", there, "netns", namespace);
        step("ip", "address", "add", HOST + "/24", "dev", link);
        step("ip", "link", "set", link, "up");
        for (var address : List.of(WEB, WAREHOUSE, NEIGHBOUR)) {
            step("ip", "-n", namespace, "address", "add", address + "/24", "dev", there);
        }
        step("ip", "-n", namespace, "link", "set", there, "up");
        Files.writeString(Path.of("/proc/sys/net/ipv4/conf", link, "forwarding"), "1");
        listeners = listeners();
    }

    private Process listeners() throws IOException {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Listener.class.getName());
        command.add(WEB + ":" + WEB_PORT);
        command.add(WAREHOUSE + ":" + WAREHOUSE_PORT);
        command.add(NEIGHBOUR + ":" + NEIGHBOUR_PORT);
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.inputReader(StandardCharsets.UTF_8).readLine() == null) {
            throw new IOException("expected the listeners of the simulated internet to start");
        }
        return process;
    }

    private void step(String... command) {
        commands.require(Code.NETWORK_SETUP, List.of(command), "", STEP);
    }

    @Override
    public void close() {
        listeners.destroyForcibly();
        step("ip", "link", "delete", link);
        step("ip", "netns", "delete", namespace);
    }
}
