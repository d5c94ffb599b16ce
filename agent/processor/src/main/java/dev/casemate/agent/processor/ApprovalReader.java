package dev.casemate.agent.processor;

import dev.casemate.agent.processor.AgentModel.ToolModel;
import dev.casemate.agent.sdk.Agent;
import dev.casemate.agent.sdk.Approved;
import dev.casemate.agent.sdk.Tool;
import dev.casemate.manifest.Approval;
import dev.casemate.manifest.Destination.Protocol;
import dev.casemate.manifest.Effect;
import dev.casemate.manifest.ToolSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.TypeElement;

/// Reads who stands in for an agent, and says what to do where somebody must. The rule itself is
/// the manifest's.
final class ApprovalReader {

    private final Problems problems;

    ApprovalReader(Problems problems) {
        this.problems = problems;
    }

    /// @return empty if nobody does, or if it says nothing, which has been reported
    Optional<Approval> read(TypeElement type) {
        int before = problems.count();
        for (var mirror : Mirrors.find(type, Approved.class).stream().toList()) {
            for (var member : List.of("reason", "reviewer")) {
                for (var item : Mirrors.items(mirror, member)) {
                    if (item.getValue() instanceof String text && text.isBlank()) {
                        problems.refuse(
                                Place.of(type, mirror).at(item),
                                member + " is blank: an approval says why, and who says so");
                    }
                }
            }
        }
        return problems.count() > before
                ? Optional.empty()
                : Optional.ofNullable(type.getAnnotation(Approved.class))
                        .map(approved -> new Approval(approved.reason(), approved.reviewer()));
    }

    /// An approval that is there in store would hide the day when it is needed.
    <T> Optional<T> refuseUnneeded(TypeElement type) {
        var place = Place.of(type);
        return problems.refuse(
                Mirrors.find(type, Approved.class)
                        .map(mirror -> Place.of(type, mirror))
                        .orElse(place),
                "nobody has to stand in for this agent: it does at most two of reading untrusted"
                        + " content, touching sensitive data, and changing or sending something."
                        + " Remove @Approved, so that the day when it is needed is seen");
    }

    /// What to do about an agent that does all three.
    static String waysOut(Agent agent, List<ToolModel> tools) {
        var silent = names(tools.stream().filter(ApprovalReader::saysNothing).toList());
        var asking = names(tools.stream().filter(tool -> asks(agent, tool)).toList());
        return ". There are three ways out. Say with `exposes` in @Tool what the results bring in"
                + (silent.isEmpty()
                        ? ""
                        : " (a tool that returns something from a destination and says nothing counts"
                                + " as both: "
                                + silent
                                + ")")
                + ". Or take a tool away, so that one of the three is gone"
                + (asking.isEmpty()
                        ? ""
                        : " (a question over HTTPS with room for more than "
                                + ToolSpec.MAX_QUESTION_CHARS
                                + " characters of text sends them: @Size narrows "
                                + asking
                                + ")")
                + ". Or let somebody stand in for it with @Approved(reason, reviewer) on the class";
    }

    private static boolean saysNothing(ToolModel tool) {
        return !tool.spec().handling().exposures().isEmpty()
                && Mirrors.find(tool.method(), Tool.class)
                        .flatMap(mirror -> Mirrors.written(mirror, "exposes"))
                        .isEmpty();
    }

    private static boolean asks(Agent agent, ToolModel tool) {
        return tool.spec().effect() == Effect.READ
                && tool.spec().changesOrSends(true)
                && Arrays.stream(agent.destinations())
                        .filter(to -> to.protocol() == Protocol.HTTPS)
                        .anyMatch(to -> tool.spec().destinations().contains(to.name()));
    }

    private static String names(List<ToolModel> tools) {
        return tools.stream().map(tool -> tool.spec().name()).collect(Collectors.joining(", "));
    }
}
