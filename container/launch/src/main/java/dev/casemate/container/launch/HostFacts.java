package dev.casemate.container.launch;

import java.util.Optional;
import java.util.Set;

/// What a launch plan depends on besides the request.
///
/// @param execOnce whether the container runtime's heap lies where the exec-once system call list
///   expects it
/// @param addresses of this machine's own interfaces
/// @param simulated whether this is a world that a probe made, from which no way leads out
/// @param disk the block device that images are read from, where its bandwidth can be limited
/// @param rootless how a launch is bounded where it is not root's; empty as root
/// @param engine what makes the container
record HostFacts(
        boolean execOnce,
        Set<String> addresses,
        boolean simulated,
        Optional<String> disk,
        Optional<Rootless> rootless,
        Engine engine) {

    /// A machine on which the launcher is root, and the engine podman.
    HostFacts(boolean execOnce, Set<String> addresses, boolean simulated, Optional<String> disk) {
        this(execOnce, addresses, simulated, disk, Optional.empty(), new Podman());
    }

    HostFacts {
        addresses = Set.copyOf(addresses);
    }

    boolean isLocal(Opening opening) {
        return opening.loopback() || addresses.contains(opening.targetAddress());
    }
}
