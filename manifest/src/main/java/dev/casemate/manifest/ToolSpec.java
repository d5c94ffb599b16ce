package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.List;
import java.util.Optional;

/// One function that the model may call, as the model sees it and as the layers enforce it.
///
/// @param name as the model calls it; unique within the agent
/// @param description what it does, for the model
/// @param destinations names of the manifest's destinations that it reaches; may be empty
/// @param inputSchema JSON Schema 2020-12 of its arguments; an object without additional properties
public record ToolSpec(
        String name,
        String description,
        Effect effect,
        List<String> destinations,
        Json.Obj inputSchema) {

    public ToolSpec {
        destinations = List.copyOf(destinations);
        if (!Names.isTool(name)) {
            throw new ManifestException(Code.INVALID_VALUE, "/tools", Names.TOOL_FORM);
        }
        if (description.isBlank()) {
            throw new ManifestException(Code.INVALID_VALUE, "/tools", "a tool has a description");
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

    Json toJson() {
        return Json.object()
                .put("name", name)
                .put("description", description)
                .put("effect", effect.word())
                .put("destinations", Json.strings(destinations))
                .put("inputSchema", inputSchema)
                .build();
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
