package dev.casemate.container.deploy;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// What is deployed, said once for all platforms.
public sealed interface Subject permits ContainedAgent, InferenceProxy {

    Kind kind();

    /// Of everything that is made for it on the platform; a DNS label.
    String name();

    String image();

    /// The arguments of the image's program.
    List<String> arguments();

    int replicas();

    Bounds bounds();

    /// All that may be connected to.
    List<Target> targets();

    List<SecretFile> secrets();

    /// Files without secrets, by name, for [dev.casemate.manifest.Deployment#DIRECTORY].
    ///
    /// @param secretPath where the platform puts a secret, by its file's name
    SortedMap<String, String> documents(UnaryOperator<String> secretPath);

    Map<String, String> environment();

    Optional<Inbound> inbound();

    /// The manifest that it enforces.
    Optional<Digest> manifest();

    /// The system calls that it may make, in the form that container runtimes read; empty for the
    /// platform's own list.
    Optional<Json.Obj> systemCalls();

    /// The names that are known in the container.
    default String hosts() {
        return targets().stream()
                .map(target -> target.address() + " " + target.hostName() + "\n")
                .distinct()
                .collect(Collectors.joining());
    }
}
