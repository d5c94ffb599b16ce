package dev.casemate.container.launch;

import java.util.Optional;
import java.util.Set;

/// What a launch plan depends on besides the request.
///
/// @param execOnce whether the container runtime's heap lies where the exec-once system call list
///   expects it
/// @param addresses of this machine's own interfaces
/// @param documentationLink the interface with a direct route to the documentation network, which
///   only tests make
/// @param rootless how a launch is bounded where it is not root's; empty as root
/// @param disk the block device that images are read from, where its bandwidth can be limited
record HostFacts(
        boolean execOnce,
        Set<String> addresses,
        Optional<String> documentationLink,
        Optional<String> disk,
        Optional<Rootless> rootless) {

    /// A machine on which the launcher is root.
    HostFacts(
            boolean execOnce,
            Set<String> addresses,
            Optional<String> documentationLink,
            Optional<String> disk) {
        this(execOnce, addresses, documentationLink, disk, Optional.empty());
    }

    HostFacts {
        addresses = Set.copyOf(addresses);
    }

    boolean isLocal(Opening opening) {
        return opening.loopback() || addresses.contains(opening.targetAddress());
    }
}
