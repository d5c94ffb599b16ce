package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Destination;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.manifest.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What an agent needs in order to be rehearsed on one machine: its task, what stands behind its
/// destinations, what a scripted model would say, and how an attacker would misuse its tools.
///
/// Read from `stage.json` in the agent's `rehearsal` directory; files are relative to it.
///
/// @param task what the agent is asked
/// @param database what stands behind every PostgreSQL destination
/// @param endpoints what stands behind each HTTPS destination, by destination name
/// @param script the rehearsal model's part, in order
/// @param check SQL whose single value must appear in the answer, run as the database's owner
/// @param misuse legal tools with hostile arguments, which the agent's own guards must refuse
/// @param poison a legal call whose result carries instructions of an attacker
record StageDescription(
        String task,
        Optional<Database> database,
        Map<String, Endpoint> endpoints,
        List<Line> script,
        String check,
        List<Line.Call> misuse,
        Line.Call poison) {

    /// A PostgreSQL database.
    ///
    /// @param script creates and fills it; `:'x_password'` in it stands for a password, as in psql
    /// @param passwords by destination name, the placeholder of its role's password
    record Database(String name, Path script, Map<String, String> passwords) {
        Database {
            passwords = Map.copyOf(passwords);
        }

        String placeholder(String destination) {
            return Objects.requireNonNull(passwords.get(destination), destination);
        }
    }

    /// Canned answers: the request path after `path` is the key of the answer in the file.
    record Endpoint(String path, Path answers) {}

    /// One line of the rehearsal model's part.
    sealed interface Line {
        /// Calls a tool.
        record Call(String tool, Json.Obj arguments) implements Line {}

        /// Says the answer. `{n/pointer}` stands for a value in the n-th tool result, from 0, with
        /// a JSON Pointer into it.
        record Say(String text) implements Line {}
    }

    StageDescription {
        endpoints = Map.copyOf(endpoints);
        script = List.copyOf(script);
        misuse = List.copyOf(misuse);
    }

    /// @throws GovernanceException with code `STAGE_DESCRIPTION`
    static StageDescription read(Path directory, AgentManifest manifest) {
        var file = directory.resolve("stage.json");
        try {
            var stage =
                    Members.read(
                            JsonReader.read(Files.readAllBytes(file)),
                            "",
                            members -> read(members, directory));
            stage.requireFor(manifest);
            return stage;
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_DESCRIPTION, "expected to read " + file, e);
        } catch (ManifestException e) {
            throw new GovernanceException(Code.STAGE_DESCRIPTION, file + ": " + e.getMessage(), e);
        }
    }

    /// A script by itself: an object with the one member `script`.
    ///
    /// @throws GovernanceException with code `STAGE_DESCRIPTION`
    static List<Line> readScript(Path file) {
        try {
            return Members.read(
                    JsonReader.read(Files.readAllBytes(file)),
                    "",
                    members -> members.list("script", StageDescription::line));
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_DESCRIPTION, "expected to read " + file, e);
        } catch (ManifestException e) {
            throw new GovernanceException(Code.STAGE_DESCRIPTION, file + ": " + e.getMessage(), e);
        }
    }

    private static StageDescription read(Members members, Path directory) {
        return new StageDescription(
                members.string("task"),
                members.has("database")
                        ? Optional.of(
                                members.object("database", object -> database(object, directory)))
                        : Optional.empty(),
                members.map("endpoints", (json, place) -> endpoint(json, place, directory)),
                members.list("script", StageDescription::line),
                members.string("check"),
                members.list("misuse", StageDescription::call),
                call(members.take("poison"), members.place("poison")));
    }

    private static Database database(Members members, Path directory) {
        return new Database(
                members.string("name"),
                directory.resolve(members.string("script")),
                members.map("passwords", StageDescription::text));
    }

    private static Endpoint endpoint(Json json, String place, Path directory) {
        return Members.read(
                json,
                place,
                members ->
                        new Endpoint(
                                members.string("path"),
                                directory.resolve(members.string("answers"))));
    }

    private static String text(Json json, String place) {
        if (json instanceof Json.Str(var value) && !value.isBlank()) {
            return value;
        }
        throw new ManifestException(
                ManifestException.Code.INVALID_VALUE, place, "expected a string that is not blank");
    }

    private static Line line(Json json, String place) {
        return json instanceof Json.Obj object && object.get("say").isPresent()
                ? Members.read(json, place, members -> new Line.Say(members.string("say")))
                : call(json, place);
    }

    private static Line.Call call(Json json, String place) {
        return Members.read(
                json,
                place,
                members -> new Line.Call(members.string("call"), members.object("arguments")));
    }

    private void requireFor(AgentManifest manifest) {
        for (var destination : manifest.destinations()) {
            boolean staged =
                    switch (destination.protocol()) {
                        case HTTPS -> endpoints.containsKey(destination.name());
                        case POSTGRESQL ->
                                database.filter(it ->
                                                it.passwords().containsKey(destination.name()))
                                        .isPresent();
                    };
            if (!staged) {
                throw new GovernanceException(
                        Code.STAGE_DESCRIPTION,
                        "expected something behind destination " + destination.name());
            }
        }
        for (var call : misuse) {
            if (manifest.tool(call.tool()).isEmpty()) {
                throw new GovernanceException(
                        Code.STAGE_DESCRIPTION, "expected misuse of the manifest's own tools only");
            }
        }
    }

    List<String> postgresDestinations(AgentManifest manifest) {
        return manifest.destinations().stream()
                .filter(destination -> destination.protocol() == Destination.Protocol.POSTGRESQL)
                .map(Destination::name)
                .toList();
    }
}
