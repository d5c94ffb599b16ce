package dev.casemate.container.deploy;

import dev.casemate.container.deploy.DeployException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Deployment.Endpoint;
import dev.casemate.manifest.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One run of one agent on a platform.
///
/// @param image by digest, `REPOSITORY@sha256:..`: a tag may name another image tomorrow
/// @param model one of the manifest's
/// @param proxy the inference proxy
/// @param destinations exactly the manifest's
/// @param task the argument of the agent's process
public record DeployRequest(
        AgentManifest manifest,
        String image,
        Correlation correlation,
        String model,
        Target proxy,
        List<Target> destinations,
        String task) {

    private static final Pattern IMAGE =
            Pattern.compile("[a-z0-9][a-z0-9._/:-]{0,254}@sha256:[0-9a-f]{64}");

    public DeployRequest {
        destinations = List.copyOf(destinations);
        require(IMAGE.matcher(image).matches(), "an image by digest");
        require(manifest.models().contains(model), "one of the manifest's models");
        require(isOneLine(task), "a task without control characters");
        require(isOneLine(manifest.version()), "a version without control characters");
        require(
                destinations.stream()
                        .map(Target::name)
                        .sorted()
                        .toList()
                        .equals(
                                manifest.destinations().stream()
                                        .map(Destination::name)
                                        .sorted()
                                        .toList()),
                "one target for each of the manifest's destinations, and no other");
    }

    private static boolean isOneLine(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new DeployException(Code.INVALID_REQUEST, expected);
        }
    }

    /// All that may be connected to.
    List<Target> targets() {
        var targets = new ArrayList<>(List.of(proxy));
        targets.addAll(destinations);
        return targets;
    }

    /// The names that the agent knows.
    String hosts() {
        return targets().stream()
                .map(target -> target.address() + " " + target.hostName() + "\n")
                .collect(Collectors.joining());
    }

    Deployment deployment() {
        return new Deployment(
                manifest.digest(),
                correlation,
                endpoint(proxy),
                destinations.stream()
                        .collect(Collectors.toMap(Target::name, DeployRequest::endpoint)),
                model);
    }

    private static Endpoint endpoint(Target target) {
        return new Endpoint(
                target.hostName(),
                target.port(),
                file(target, ".ca.pem").filter(path -> target.secured()),
                file(target, ".secret").filter(path -> target.secret()));
    }

    private static Optional<String> file(Target target, String suffix) {
        return Optional.of(Deployment.DIRECTORY + "/" + target.name() + suffix);
    }
}
