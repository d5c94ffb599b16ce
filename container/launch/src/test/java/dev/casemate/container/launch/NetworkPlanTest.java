package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NetworkPlanTest {

    private static final String OPENINGS =
            "198.19.44.10 . 443, 198.19.44.11 . 443, 198.19.44.12 . 5432";

    private final NetworkPlan plan = Examples.plan().network();

    @Test
    void theAgentMaySpeakToTheOpeningsAndToNobodyElse() {
        assertThat(plan.agentRules())
                .contains("hook output priority 0; policy drop;")
                .contains("hook input priority 0; policy drop;")
                .contains("hook forward priority 0; policy drop;")
                .contains(
                        "ip saddr 198.19.44.2 ip daddr . tcp dport { %s } ct state new,established accept"
                                .formatted(OPENINGS));
        assertThat(plan.agentRules().lines().filter(line -> line.contains("accept")))
                .as("one way out, one way back")
                .hasSize(2);
    }

    @Test
    void theHostDropsWhatIsNotForAnOpeningBeforeAnyOtherTableSeesIt() {
        assertThat(plan.hostRules())
                .containsSubsequence(
                        "hook prerouting priority -350",
                        "iifname \"cmh3000a1b2c3d\" ip saddr 198.19.44.2 ip daddr . tcp dport { %s } accept"
                                .formatted(OPENINGS),
                        "iifname \"cmh3000a1b2c3d\" drop");
    }

    @Test
    void eachOpeningLeadsToItsTarget() {
        assertThat(plan.hostRules())
                .contains("ip daddr 198.19.44.10 tcp dport 443 dnat ip to 127.0.0.1:18443")
                .contains("ip daddr 198.19.44.11 tcp dport 443 dnat ip to 10.1.2.3:20443")
                .contains("ip daddr 198.19.44.12 tcp dport 5432 dnat ip to 172.16.9.9:15432");
    }

    @Test
    void targetsOnTheMachineAreTakenInAndOthersForwarded() {
        assertThat(plan.hostRules())
                .containsSubsequence(
                        "hook input",
                        "ct status dnat ip daddr . tcp dport { 127.0.0.1 . 18443, 10.1.2.3 . 20443 } accept",
                        "iifname \"cmh3000a1b2c3d\" drop",
                        "hook forward",
                        "ct status dnat ip daddr . tcp dport { 172.16.9.9 . 15432 } accept",
                        "iifname \"cmh3000a1b2c3d\" drop");
        assertThat(plan.remoteTargets()).containsExactly("172.16.9.9");
    }

    @Test
    void onlyThisLaunchesLinkIsRuled() {
        assertThat(plan.hostRules().lines().filter(line -> line.matches(".*(accept|drop)$")))
                .allMatch(
                        line -> line.contains("cmh3000a1b2c3d") || line.contains("policy accept"));
    }

    @Test
    void thereIsARouteToEachOpeningAndNoDefaultRoute() {
        assertThat(plan.routes())
                .hasSize(3)
                .allMatch(route -> route.get(5).endsWith("/32"))
                .noneMatch(route -> route.contains("default"));
    }

    @Test
    void loopbackIsRoutedAndForwardingIsOnOnlyWhereATargetNeedsIt() {
        var local =
                List.of(
                        Examples.binding("prices", "10.1.2.3", 1),
                        Examples.binding("warehouse", "10.1.2.3", 2));
        var request = Examples.request(local);
        var switches = NetworkPlan.of(request, Examples.ID, Examples.HOST).switches();
        assertThat(plan.switches())
                .containsEntry("ipv4/conf/cmh3000a1b2c3d/route_localnet", "1")
                .containsEntry("ipv4/conf/cmh3000a1b2c3d/forwarding", "1");
        assertThat(switches).containsEntry("ipv4/conf/cmh3000a1b2c3d/forwarding", "0");
    }

    @Test
    void withoutTheNetworkControlOnlyTheHostsEndIsOpen() {
        var open = Examples.plan(Control.NETWORK).network();
        assertThat(open.agentRules()).isEmpty();
        assertThat(open.routes())
                .extracting(route -> route.get(5))
                .containsExactly(
                        "198.19.44.10/32", "198.19.44.11/32", "198.19.44.12/32", "198.19.44.1/32");
        assertThat(open.hostRules()).contains("iifname \"cmh3000a1b2c3d\" drop");
    }

    @Test
    void onlyInASimulatedWorldDoesAnOpenNetworkLeadAnywhere() {
        var world = new HostFacts(true, Set.of(), true, Optional.empty());
        var open = NetworkPlan.of(Examples.request(Control.NETWORK), Examples.ID, world);
        assertThat(open.routes()).anyMatch(route -> route.contains("default"));
        assertThat(open.hostRules()).doesNotContain("drop");
        var closed = NetworkPlan.of(Examples.request(), Examples.ID, world);
        assertThat(closed.routes()).noneMatch(route -> route.contains("default"));
        assertThat(closed.hostRules()).contains("iifname \"cmh3000a1b2c3d\" drop");
    }

    @Test
    void everyPlaceHasNamesAndAddressesOfItsOwn() {
        assertThat(new LaunchId(0, "00000000").address(2)).isEqualTo("198.18.0.2");
        assertThat(new LaunchId(511, "ffffffff").address(2)).isEqualTo("198.19.255.2");
        assertThat(new LaunchId(511, "ffffffff").hostLink()).hasSizeLessThanOrEqualTo(15);
        assertThat(LaunchId.parse("300-0a1b2c3d")).contains(Examples.ID);
        assertThat(LaunchId.parse("512-0a1b2c3d")).isEmpty();
        assertThat(LaunchId.parse("../0a1b2c3d")).isEmpty();
    }
}
