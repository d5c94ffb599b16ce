package dev.casemate.container.deploy;

import dev.casemate.container.deploy.DeployException.Code;
import java.util.regex.Pattern;

/// Where a bound name is on the platform: an address, because rules for names leave a name service
/// open, and with it a way out.
///
/// @param name the manifest's destination, or `proxy`
/// @param hostName the name that the agent connects to
/// @param address IPv4
/// @param secured whether the agent finds `NAME.ca.pem` beside its deployment document
/// @param secret whether the agent finds `NAME.secret` there
public record Target(
        String name, String hostName, String address, int port, boolean secured, boolean secret) {

    private static final Pattern LABELS =
            Pattern.compile(
                    "[a-z]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,7}");
    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)");

    public Target {
        if (!LABELS.matcher(name).matches()
                || !LABELS.matcher(hostName).matches()
                || !IPV4.matcher(address).matches()
                || port < 1
                || port > 65_535) {
            throw new DeployException(
                    Code.INVALID_REQUEST,
                    "a name, a lower-case host name, an IPv4 address and a port for each target");
        }
    }
}
