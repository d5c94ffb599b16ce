package dev.casemate.manifest;

import dev.casemate.manifest.ManifestException.Code;
import java.util.Locale;

/// A named network endpoint. The manifest names it, the [Deployment] binds it to host and port.
///
/// @param name lower-case letters, digits and hyphens; usable as a DNS label
public record Destination(String name, Protocol protocol) {

    /// What is spoken there.
    public enum Protocol {
        HTTPS,
        POSTGRESQL;

        /// The word for it in documents.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Destination {
        Names.requireLabel(name, "/destinations");
    }

    Json toJson() {
        return Json.object().put("name", name).put("protocol", protocol.word()).build();
    }

    static Destination read(Json json, String place) {
        return Members.read(
                json,
                place,
                members -> {
                    var name = members.string("name");
                    if (!Names.isLabel(name)) {
                        throw members.refuse(Code.INVALID_VALUE, "name", Names.LABEL_FORM);
                    }
                    return new Destination(
                            name, members.choice("protocol", Protocol.class, Protocol::word));
                });
    }
}
