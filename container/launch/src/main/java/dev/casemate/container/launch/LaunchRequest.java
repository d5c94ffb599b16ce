package dev.casemate.container.launch;

import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Digest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One launch of one agent: what the manifest decides, bound to where it happens.
///
/// @param archive the OCI archive as the image module wrote it
/// @param reference its name, for messages; what runs is named by digest
/// @param manifest must be the one that the image carries
/// @param model one of the manifest's models
/// @param proxy the inference proxy, by the name [Binding#PROXY]
/// @param destinations exactly the manifest's destinations
/// @param work what the agent is given to do
/// @param without controls that are switched off; empty in earnest
/// @param processLimits whether the limits of a process will do where a user without root has no
///   control groups
/// @param verified the image's id, where somebody has verified its evidence: no other runs then
public record LaunchRequest(
        Path archive,
        String reference,
        AgentManifest manifest,
        Correlation correlation,
        String model,
        Binding proxy,
        List<Binding> destinations,
        Work work,
        Set<Control> without,
        boolean processLimits,
        Optional<Digest> verified) {

    /// The most names that one launch binds.
    public static final int MAX_BINDINGS = 64;

    /// The most characters of one argument; the kernel takes 128 KiB.
    public static final int MAX_ARGUMENT_CHARS = 30_000;

    /// The most arguments.
    public static final int MAX_ARGUMENTS = 64;

    public LaunchRequest {
        destinations = List.copyOf(destinations);
        var arguments = work.arguments();
        without = Set.copyOf(without);
        requireThat(manifest.models().contains(model), "one of the manifest's models");
        requireThat(proxy.name().equals(Binding.PROXY), "the proxy's binding to be named proxy");
        requireThat(destinations.size() < MAX_BINDINGS, "fewer than " + MAX_BINDINGS + " bindings");
        requireThat(
                destinations.stream()
                        .map(Binding::name)
                        .sorted()
                        .toList()
                        .equals(
                                manifest.destinations().stream()
                                        .map(Destination::name)
                                        .sorted()
                                        .toList()),
                "one binding for each of the manifest's destinations, and no other");
        var names = new HashSet<>(Set.of(proxy.hostName()));
        destinations.forEach(binding ->
                requireThat(names.add(binding.hostName()), "a host name of its own per binding"));
        requireThat(
                arguments.size() <= MAX_ARGUMENTS
                        && arguments.stream()
                                .allMatch(argument ->
                                        argument.length() <= MAX_ARGUMENT_CHARS
                                                && argument.indexOf('\0') < 0),
                "at most %d arguments of %d characters"
                        .formatted(MAX_ARGUMENTS, MAX_ARGUMENT_CHARS));
    }

    /// A request that is bounded by control groups or not at all.
    public LaunchRequest(
            Path archive,
            String reference,
            AgentManifest manifest,
            Correlation correlation,
            String model,
            Binding proxy,
            List<Binding> destinations,
            Work work,
            Set<Control> without) {
        this(
                archive,
                reference,
                manifest,
                correlation,
                model,
                proxy,
                destinations,
                work,
                without,
                false,
                Optional.empty());
    }

    /// The same, where the limits of a process will do.
    public LaunchRequest withProcessLimits() {
        return new LaunchRequest(
                archive,
                reference,
                manifest,
                correlation,
                model,
                proxy,
                destinations,
                work,
                without,
                true,
                verified);
    }

    /// A request for one run.
    ///
    /// @param arguments of the agent's process: the task
    public LaunchRequest(
            Path archive,
            String reference,
            AgentManifest manifest,
            Correlation correlation,
            String model,
            Binding proxy,
            List<Binding> destinations,
            List<String> arguments,
            Set<Control> without) {
        this(
                archive,
                reference,
                manifest,
                correlation,
                model,
                proxy,
                destinations,
                new Work.Once(arguments),
                without);
    }

    private static void requireThat(boolean holds, String expected) {
        if (!holds) {
            throw new LaunchException(Code.INVALID_REQUEST, "expected " + expected);
        }
    }
}
