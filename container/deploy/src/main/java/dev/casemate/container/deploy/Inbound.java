package dev.casemate.container.deploy;

import java.util.List;

/// Who may connect to what is deployed, and where. Only the proxy has one: an agent never listens.
///
/// @param address the fixed address that agents are bound to
/// @param clients networks, IPv4
public record Inbound(String address, int port, List<String> clients) {

    public Inbound {
        clients = List.copyOf(clients);
        Form.IPV4.require(address, "address of the proxy");
        Target.requirePort(port);
        Form.require(!clients.isEmpty(), "at least one network in clients of the proxy");
        clients.forEach(network -> Form.NETWORK.require(network, "clients of the proxy"));
    }
}
