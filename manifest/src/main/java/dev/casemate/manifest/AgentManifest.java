package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What an agent is and may do: the one document that all three layers enforce.
///
/// It is written by the compiler, named by its [#digest], and never changed. Reading one refuses
/// every member that it does not know, so that no layer enforces less than the document says.
///
/// @param name lower-case letters, digits and hyphens
/// @param version of the agent, as its owner counts
/// @param models the models that it may ask, by the names that the proxy knows; at least one
/// @param tools in declaration order; names are unique
/// @param destinations every one is used by a tool, and every tool's are here
/// @param capabilities what its shipped bytecode may reach
/// @param approval present where all three of the "rule of two" come together: without it such a
///   manifest cannot exist
public record AgentManifest(
        String name,
        String version,
        String owner,
        String purpose,
        Prompt prompt,
        List<String> models,
        List<ToolSpec> tools,
        List<Destination> destinations,
        Limits limits,
        Set<Capability> capabilities,
        Optional<Approval> approval) {

    /// The version of the document's own form, in member `apiVersion`.
    public static final String API_VERSION = "casemate.dev/v1";

    /// Where the compiler puts the manifest in the agent's jar.
    public static final String RESOURCE = "META-INF/casemate/manifest.json";

    /// The largest document that any layer reads.
    public static final int MAX_BYTES = 1 << 20;

    public AgentManifest {
        models = List.copyOf(models);
        tools = List.copyOf(tools);
        destinations = List.copyOf(destinations);
        capabilities = Set.copyOf(capabilities);
        Names.requireLabel(name, "/name");
        if (models.isEmpty()) {
            throw new ManifestException(Code.INVALID_VALUE, "/models", "expected at least one");
        }
        checkReferences(models, tools, destinations);
        if (approval.isEmpty()) {
            RuleOfTwo.require(tools, destinations);
        }
    }

    /// Whether a text can stand as an agent's name.
    public static boolean isName(String text) {
        return Names.isLabel(text);
    }

    private static void checkReferences(
            List<String> models, List<ToolSpec> tools, List<Destination> destinations) {
        unique(models, "/models");
        unique(tools.stream().map(ToolSpec::name).toList(), "/tools");
        var declared = destinations.stream().map(Destination::name).toList();
        unique(declared, "/destinations");
        var used = new HashSet<String>();
        for (int i = 0; i < tools.size(); i++) {
            var named = tools.get(i).destinations();
            for (int j = 0; j < named.size(); j++) {
                if (!declared.contains(named.get(j))) {
                    throw new ManifestException(
                            Code.BROKEN_REFERENCE,
                            "/tools/" + i + "/destinations/" + j,
                            "expected the name of a declared destination");
                }
                used.add(named.get(j));
            }
        }
        for (int i = 0; i < declared.size(); i++) {
            if (!used.contains(declared.get(i))) {
                throw new ManifestException(
                        Code.BROKEN_REFERENCE,
                        "/destinations/" + i,
                        "expected a destination that some tool uses");
            }
        }
    }

    private static void unique(List<String> names, String place) {
        var seen = new HashSet<String>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                throw new ManifestException(
                        Code.BROKEN_REFERENCE, place + "/" + i, "expected each name once");
            }
        }
    }

    /// @param utf8 the document, at most [#MAX_BYTES]
    /// @throws ManifestException naming the first thing that is wrong, and its place
    public static AgentManifest read(byte[] utf8) {
        if (utf8.length > MAX_BYTES) {
            throw new ManifestException(
                    Code.INVALID_VALUE, "", "expected at most " + MAX_BYTES + " bytes");
        }
        return Members.read(JsonReader.read(utf8), "", AgentManifest::read);
    }

    private static AgentManifest read(Members members) {
        if (!members.string("apiVersion").equals(API_VERSION)) {
            throw members.refuse(Code.UNSUPPORTED_VERSION, "apiVersion", "expected " + API_VERSION);
        }
        var name = members.string("name");
        if (!Names.isLabel(name)) {
            throw members.refuse(Code.INVALID_VALUE, "name", Names.LABEL_FORM);
        }
        return new AgentManifest(
                name,
                members.string("version"),
                members.string("owner"),
                members.string("purpose"),
                members.object("prompt", Prompt::read),
                members.strings("models"),
                members.list("tools", ToolSpec::read),
                members.list("destinations", Destination::read),
                members.object("limits", Limits::read),
                members.choices("capabilities", Capability.class, Capability::word),
                members.has("approval")
                        ? Optional.of(members.object("approval", Approval::read))
                        : Optional.empty());
    }

    /// The document; [#read] gives back an equal manifest.
    public Json.Obj toJson() {
        var words = new TreeSet<String>();
        capabilities.forEach(capability -> words.add(capability.word()));
        var json =
                Json.object()
                        .put("apiVersion", API_VERSION)
                        .put("name", name)
                        .put("version", version)
                        .put("owner", owner)
                        .put("purpose", purpose)
                        .put("prompt", prompt.toJson())
                        .put("models", Json.strings(models))
                        .put("tools", Json.array(tools.stream().map(ToolSpec::toJson).toList()))
                        .put(
                                "destinations",
                                Json.array(destinations.stream().map(Destination::toJson).toList()))
                        .put("limits", limits.toJson())
                        .put("capabilities", Json.strings(words));
        approval.ifPresent(it -> json.put("approval", it.toJson()));
        return json.build();
    }

    /// The name of exactly this version: SHA-256 of the canonical document.
    public Digest digest() {
        return Digest.of(toJson());
    }

    public Optional<ToolSpec> tool(String toolName) {
        return tools.stream().filter(tool -> tool.name().equals(toolName)).findFirst();
    }
}
