package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One function that the model may call, as the model sees it and as the layers enforce it.
///
/// @param name as the model calls it; unique within the agent
/// @param description what it does, for the model
/// @param destinations names of the manifest's destinations that it reaches; may be empty
/// @param handling what else is done around a call
/// @param inputSchema JSON Schema 2020-12 of its arguments; an object without additional properties
public record ToolSpec(
        String name,
        String description,
        Effect effect,
        List<String> destinations,
        Handling handling,
        Json.Obj inputSchema) {

    /// A question over HTTPS with room for more text than this counts as sending.
    public static final int MAX_QUESTION_CHARS = 64;

    /// What the run loop does around a call, besides holding its arguments against the schema.
    ///
    /// @param exposures what its result brings into the run
    /// @param timeout after which a call has failed; whole seconds
    /// @param approval how long a human has to allow each call, in whole seconds; empty where none
    ///   is asked
    /// @param trustedArguments those that must not hold text which came from another tool's result
    public record Handling(
            Set<Exposure> exposures,
            Duration timeout,
            Optional<Duration> approval,
            List<String> trustedArguments) {

        /// The longest of its times: a day.
        public static final int MAX_SECONDS = 86_400;

        public Handling {
            exposures = Set.copyOf(exposures);
            trustedArguments = List.copyOf(trustedArguments);
            if (!isWholeSeconds(timeout) || !approval.map(Handling::isWholeSeconds).orElse(true)) {
                throw new ManifestException(
                        Code.INVALID_VALUE,
                        "/tools",
                        "a tool's times are whole seconds above zero");
            }
        }

        /// A tool that exposes the run to nothing, and whose calls nobody needs to allow.
        public static Handling within(Duration timeout) {
            return new Handling(Set.of(), timeout, Optional.empty(), List.of());
        }

        private static boolean isWholeSeconds(Duration time) {
            return time.compareTo(Duration.ofSeconds(1)) >= 0
                    && time.toNanosPart() == 0
                    && time.toSeconds() <= MAX_SECONDS;
        }

        private static Handling read(Members members) {
            return new Handling(
                    members.choices("exposures", Exposure.class, Exposure::word),
                    Duration.ofSeconds(members.positive("timeoutSeconds", MAX_SECONDS)),
                    members.has("approvalSeconds")
                            ? Optional.of(
                                    Duration.ofSeconds(
                                            members.positive("approvalSeconds", MAX_SECONDS)))
                            : Optional.empty(),
                    members.strings("trustedArguments"));
        }
    }

    public ToolSpec {
        destinations = List.copyOf(destinations);
        if (!Names.isTool(name)) {
            throw new ManifestException(Code.INVALID_VALUE, "/tools", Names.TOOL_FORM);
        }
        if (description.isBlank()) {
            throw new ManifestException(Code.INVALID_VALUE, "/tools", "a tool has a description");
        }
        var arguments = Schemas.propertiesOf(inputSchema).keySet();
        if (!arguments.containsAll(handling.trustedArguments())) {
            throw new ManifestException(
                    Code.BROKEN_REFERENCE, "/tools", "a trusted argument is one of the arguments");
        }
    }

    /// The tool as OpenAI's chat completions take it.
    public Json.Obj toFunction() {
        return Json.object()
                .put("type", "function")
                .put(
                        "function",
                        Json.object()
                                .put("name", name)
                                .put("description", description)
                                .put("parameters", inputSchema)
                                .build())
                .build();
    }

    /// Whether a call changes something or carries text out: every write does, and so does a
    /// question over the network that has room for somebody else's data.
    ///
    /// @param reachesHttps whether one of its destinations speaks HTTPS
    public boolean changesOrSends(boolean reachesHttps) {
        return effect == Effect.WRITE
                || (reachesHttps && Schemas.textCapacity(inputSchema) > MAX_QUESTION_CHARS);
    }

    Json toJson() {
        var json =
                Json.object()
                        .put("name", name)
                        .put("description", description)
                        .put("effect", effect.word())
                        .put("destinations", Json.strings(destinations))
                        .put(
                                "exposures",
                                Json.strings(
                                        handling.exposures().stream()
                                                .sorted()
                                                .map(Exposure::word)
                                                .toList()))
                        .put("timeoutSeconds", handling.timeout().toSeconds())
                        .put("trustedArguments", Json.strings(handling.trustedArguments()));
        handling.approval().ifPresent(time -> json.put("approvalSeconds", time.toSeconds()));
        return json.put("inputSchema", inputSchema).build();
    }

    static ToolSpec read(Json json, String place) {
        return Members.read(
                json,
                place,
                members -> {
                    var name = members.string("name");
                    if (!Names.isTool(name)) {
                        throw members.refuse(Code.INVALID_VALUE, "name", Names.TOOL_FORM);
                    }
                    return new ToolSpec(
                            name,
                            members.string("description"),
                            members.choice("effect", Effect.class, Effect::word),
                            members.strings("destinations"),
                            Handling.read(members),
                            closedObject(members));
                });
    }

    private static Json.Obj closedObject(Members members) {
        var schema = members.object("inputSchema");
        if (!schema.text("type").equals(Optional.of("object"))
                || !schema.get("additionalProperties").equals(Optional.of(new Json.Bool(false)))) {
            throw members.refuse(
                    Code.INVALID_VALUE,
                    "inputSchema",
                    "expected type object with additionalProperties false");
        }
        return schema;
    }
}
