package dev.casemate.container.deploy;

import java.util.Optional;

/// Where a bound name is on the platform: an address, because rules for names leave a name service
/// open, and with it a way out.
///
/// @param name the manifest's destination, `proxy`, or an upstream of the proxy
/// @param hostName the name that is connected to
/// @param address IPv4
/// @param certificates what TLS trusts there, in PEM; empty for a protocol without TLS, or where
///   the proxy's own configuration says it
/// @param secret the name of the platform's secret that is presented there
public record Target(
        String name,
        String hostName,
        String address,
        int port,
        Optional<String> certificates,
        Optional<String> secret) {

    /// The name of an agent's proxy.
    public static final String PROXY = "proxy";

    private static final int MAX_PORT = 65_535;

    public Target {
        Form.LABEL.require(name, "each target's name");
        Form.HOST.require(hostName, "hostName of " + name);
        Form.IPV4.require(address, "address of " + name);
        requirePort(port);
        certificates.ifPresent(pem -> Form.CERTIFICATES.require(pem, "certificates of " + name));
        secret.ifPresent(it -> Form.LABEL.require(it, "secret of " + name));
    }

    static void requirePort(int port) {
        Form.require(port >= 1 && port <= MAX_PORT, "a port from 1 to " + MAX_PORT);
    }

    /// The certificates' file in the container.
    String certificatesFile() {
        return name + ".ca.pem";
    }

    /// The secret's file in the container.
    String secretFile() {
        return name + ".secret";
    }

    /// The address as a network of one.
    String network() {
        return address + "/32";
    }
}
