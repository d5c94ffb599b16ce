package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Makes the network of one launch, and proves that it holds before an agent is in it.
///
/// A file of rules that was not loaded leaves everything open, and so does one that was loaded and
/// says less than it seems to. So each end's rules are tried by themselves, against a listener of
/// the launcher's own that must not be reached.
final class Namespace {

    private static final Path SWITCHES = Path.of("/proc/sys/net");
    private static final List<String> LOAD = List.of("nft", "-f", "-");

    private final Commands commands;
    private final NetworkPlan plan;
    private final Consumer<String> errors;

    Namespace(Commands commands, NetworkPlan plan, Consumer<String> errors) {
        this.commands = commands;
        this.plan = plan;
        this.errors = errors;
    }

    /// @throws LaunchException if the network cannot be made, or does not hold
    void open() {
        requireForwarding();
        run(plan.link());
        plan.switches().forEach(Namespace::write);
        if (plan.agentRules().isEmpty()) {
            load(plan.hostRules());
            run(plan.routes());
            return;
        }
        run(plan.trial());
        try (var reach = ReachProcess.in(plan.id().namespace());
                var forbidden = new ServerSocket(0, 1, InetAddress.ofLiteral(address(1)))) {
            tryRules(reach, forbidden);
            run(plan.untrial());
            run(plan.routes());
            requireClosed(reach, forbidden, "rules and routes");
            plan.openings().forEach(opening -> requireOpen(reach, opening));
        } catch (IOException e) {
            throw new LaunchException(
                    Code.NETWORK_SETUP, "expected a listener on the host's end of the link", e);
        }
    }

    private void tryRules(ReachProcess reach, ServerSocket forbidden) throws IOException {
        if (!reach.connects(address(1), forbidden.getLocalPort(), ReachProcess.OPEN_MILLIS)) {
            errors.accept(
                    "casemate: another firewall on this machine is in front of the launch's rules; they could not be tried alone");
        }
        drain(forbidden);
        loadInside(plan.agentRules());
        requireClosed(reach, forbidden, "the rules of the agent's end");
        loadInside("delete table inet " + plan.id().table() + "\n");
        load(plan.hostRules());
        requireClosed(reach, forbidden, "the rules of the host's end");
        loadInside(plan.agentRules());
    }

    private void requireClosed(ReachProcess reach, ServerSocket forbidden, String by)
            throws IOException {
        if (reach.connects(address(1), forbidden.getLocalPort(), ReachProcess.CLOSED_MILLIS)
                || drain(forbidden)) {
            throw new LaunchException(
                    Code.NETWORK_OPEN,
                    "expected %s to stop a connection to the host that the manifest does not name; no agent was started"
                            .formatted(by));
        }
    }

    private static void requireOpen(ReachProcess reach, Opening opening) {
        if (!reach.connects(opening.address(), opening.port(), ReachProcess.OPEN_MILLIS)) {
            throw new LaunchException(
                    Code.TARGET_UNREACHABLE,
                    "expected %s to answer on its target's port %d; start it, and see that this machine's own firewall admits it"
                            .formatted(opening.binding().name(), opening.targetPort()));
        }
    }

    /// Whether a connection had arrived.
    private static boolean drain(ServerSocket listener) throws IOException {
        listener.setSoTimeout(1);
        try (var arrived = listener.accept()) {
            return arrived.isConnected();
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }

    /// Forwarding between other links is the machine owner's decision; it is asked for, not taken.
    private void requireForwarding() {
        for (var target : plan.remoteTargets()) {
            var route =
                    commands.require(
                            Code.NETWORK_SETUP,
                            List.of("ip", "-4", "route", "get", target),
                            "",
                            HostMachine.QUICK);
            var words = List.of(route.split("\\s+"));
            var device = words.get(words.indexOf("dev") + 1);
            var file = SWITCHES.resolve("ipv4/conf/" + device + "/forwarding");
            try {
                if (!Files.readString(file).strip().equals("1")) {
                    throw new LaunchException(
                            Code.NETWORK_SETUP,
                            "expected answers from %1$s to be forwarded: sysctl -w net.ipv4.conf.%1$s.forwarding=1"
                                    .formatted(device));
                }
            } catch (IOException e) {
                throw new LaunchException(Code.NETWORK_SETUP, "expected to read " + file, e);
            }
        }
    }

    private String address(int last) {
        return plan.id().address(last);
    }

    private void run(List<List<String>> steps) {
        steps.forEach(step -> commands.require(Code.NETWORK_SETUP, step, "", HostMachine.QUICK));
    }

    private void load(String rules) {
        commands.require(Code.NETWORK_SETUP, LOAD, rules, HostMachine.QUICK);
    }

    private void loadInside(String rules) {
        commands.require(
                Code.NETWORK_SETUP,
                List.of("ip", "netns", "exec", plan.id().namespace(), "nft", "-f", "-"),
                rules,
                HostMachine.QUICK);
    }

    private static void write(String name, String value) {
        try {
            Files.writeString(SWITCHES.resolve(name), value);
        } catch (IOException e) {
            throw new LaunchException(
                    Code.NETWORK_SETUP, "expected to write " + SWITCHES.resolve(name), e);
        }
    }
}
