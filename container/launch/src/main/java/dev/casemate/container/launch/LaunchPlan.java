package dev.casemate.container.launch;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Deployment.Endpoint;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Everything that a launch will do, as text: what is written, loaded and run. Making one touches
/// nothing, so it can be read without a machine to run it on.
///
/// @param image the id of the image that runs, whatever name it goes by
/// @param files what the agent finds in [Deployment#DIRECTORY]
/// @param seccomp the list of system calls; empty with [Control#SECCOMP] off
/// @param holder the command line of the container that holds the network, where the engine needs
///   one
/// @param command the whole command line of the agent's
record LaunchPlan(
        LaunchId id,
        Digest image,
        NetworkPlan network,
        Deployment deployment,
        List<MountedFile> files,
        Optional<Json.Obj> seccomp,
        Optional<List<String>> holder,
        List<String> command) {

    static final String HOSTS = "hosts";

    /// One file in the directory that the agent reads.
    ///
    /// @param source copied from here when the launch starts, so that no plan holds a secret
    /// @param text written as it is, if there is no source
    /// @param secret whether only the agent's user may read it
    record MountedFile(String name, Optional<Path> source, String text, boolean secret) {}

    static LaunchPlan of(
            LaunchRequest request, Digest image, LaunchId id, HostFacts host, LaunchFiles files) {
        var network = NetworkPlan.of(request, id, host);
        var deployment = deployment(request, network.openings());
        return new LaunchPlan(
                id,
                image,
                network,
                deployment,
                mounted(deployment, network.openings()),
                request.without().contains(Control.SECCOMP)
                        ? Optional.empty()
                        : Optional.of(SeccompProfile.of(host.execOnce())),
                host.engine().holder(request, image, id, files),
                host.engine().agent(request, image, id, host, files));
    }

    private static Deployment deployment(LaunchRequest request, List<Opening> openings) {
        var destinations = new HashMap<String, Endpoint>();
        openings.stream()
                .skip(1)
                .forEach(opening -> destinations.put(opening.binding().name(), endpoint(opening)));
        return new Deployment(
                request.manifest().digest(),
                request.correlation(),
                endpoint(openings.getFirst()),
                destinations,
                request.model());
    }

    private static Endpoint endpoint(Opening opening) {
        var binding = opening.binding();
        return new Endpoint(
                binding.hostName(),
                opening.port(),
                binding.certificateAuthority().map(file -> inside(authority(opening))),
                binding.secret().map(file -> inside(secret(opening))));
    }

    private static List<MountedFile> mounted(Deployment deployment, List<Opening> openings) {
        var files = new ArrayList<MountedFile>();
        files.add(text("deployment.json", deployment.toJson().text()));
        files.add(text(HOSTS, hosts(openings)));
        for (var opening : openings) {
            var binding = opening.binding();
            binding.certificateAuthority()
                    .ifPresent(file -> files.add(copy(authority(opening), file, false)));
            binding.secret().ifPresent(file -> files.add(copy(secret(opening), file, true)));
        }
        return List.copyOf(files);
    }

    private static MountedFile text(String name, String text) {
        return new MountedFile(name, Optional.empty(), text, false);
    }

    private static MountedFile copy(String name, Path source, boolean secret) {
        return new MountedFile(name, Optional.of(source), "", secret);
    }

    /// The only names there are: the agent's machine has no other way to look one up.
    private static String hosts(List<Opening> openings) {
        return openings.stream()
                .map(opening -> opening.address() + " " + opening.binding().hostName() + "\n")
                .collect(Collectors.joining());
    }

    private static String authority(Opening opening) {
        return opening.binding().name() + ".ca.pem";
    }

    private static String secret(Opening opening) {
        return opening.binding().name() + ".secret";
    }

    private static String inside(String name) {
        return Deployment.DIRECTORY + "/" + name;
    }
}
