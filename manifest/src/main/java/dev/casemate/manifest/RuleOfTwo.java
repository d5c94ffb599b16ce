package dev.casemate.manifest;

import dev.casemate.manifest.Destination.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/// An agent has at most two of these: it reads content that somebody outside could have written, it
/// touches sensitive data, it changes or sends something. With all three, whoever writes the
/// content can have the data sent.
///
/// Source: Meta, "Agents Rule of Two".
final class RuleOfTwo {

    private RuleOfTwo() {}

    /// @throws ManifestException with code `RULE_OF_TWO`, naming the tools of each of the three
    static void require(List<ToolSpec> tools, List<Destination> destinations) {
        var https = new HashSet<String>();
        for (var destination : destinations) {
            if (destination.protocol() == Protocol.HTTPS) {
                https.add(destination.name());
            }
        }
        var reading = names(tools, exposing(Exposure.UNTRUSTED_CONTENT));
        var touching = names(tools, exposing(Exposure.SENSITIVE_DATA));
        var acting =
                names(
                        tools,
                        tool ->
                                tool.changesOrSends(
                                        tool.destinations().stream().anyMatch(https::contains)));
        if (!reading.isEmpty() && !touching.isEmpty() && !acting.isEmpty()) {
            throw new ManifestException(
                    ManifestException.Code.RULE_OF_TWO,
                    "/approval",
                    "it reads untrusted content (%s), touches sensitive data (%s) and changes or sends (%s): at most two of these are allowed, unless somebody approves it"
                            .formatted(reading, touching, acting));
        }
    }

    private static Predicate<ToolSpec> exposing(Exposure exposure) {
        return tool -> tool.handling().exposures().contains(exposure);
    }

    private static String names(List<ToolSpec> tools, Predicate<ToolSpec> of) {
        return String.join(", ", tools.stream().filter(of).map(ToolSpec::name).toList());
    }
}
