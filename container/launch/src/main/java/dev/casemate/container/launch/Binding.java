package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// One opening in the wall: a name that the agent uses, and where it really is.
///
/// @param name the manifest's destination, or [#PROXY]
/// @param hostName the name that the agent connects to, and that the peer's certificate carries
/// @param target where it really is, seen from the host: IPv4, loopback allowed
/// @param certificateAuthority PEM file on the host that TLS to it trusts; empty without TLS
/// @param secret file on the host with the credential for it; empty where none is needed
public record Binding(
        String name,
        String hostName,
        InetSocketAddress target,
        Optional<Path> certificateAuthority,
        Optional<Path> secret) {

    /// The name of the binding that leads to the inference proxy.
    public static final String PROXY = "proxy";

    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern HOST_NAME =
            Pattern.compile(
                    "[a-z]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,7}");

    public Binding {
        if (!NAME.matcher(name).matches()) {
            throw new LaunchException(
                    Code.INVALID_REQUEST, "expected a binding named like a destination");
        }
        if (!HOST_NAME.matcher(hostName).matches()) {
            throw new LaunchException(
                    Code.INVALID_REQUEST,
                    "expected a lower-case host name that begins with a letter for binding "
                            + name);
        }
        if (!(target.getAddress() instanceof Inet4Address) || target.getPort() == 0) {
            throw new LaunchException(
                    Code.INVALID_REQUEST,
                    "expected an IPv4 address, resolved, and a port as the target of " + name);
        }
    }
}
