package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// An HTTPS destination that answers from a file: an object of JSON answers by what follows a fixed
/// path.
final class CannedEndpoint implements AutoCloseable {

    private final RehearsalServer server;

    CannedEndpoint(Identity identity, StageDescription.Endpoint endpoint) {
        var answers = read(endpoint.answers());
        this.server =
                new RehearsalServer(
                        identity,
                        (request, body) -> {
                            var answer = answer(answers, endpoint.path(), request);
                            request.response()
                                    .setStatusCode(answer.isPresent() ? 200 : 404)
                                    .putHeader("content-type", "application/json")
                                    .end(answer.orElse(Json.object().build()).text());
                        });
    }

    private static Optional<Json> answer(
            Json.Obj answers, String prefix, HttpServerRequest request) {
        var path = Objects.requireNonNullElse(request.path(), "");
        return request.method().equals(HttpMethod.GET) && path.startsWith(prefix)
                ? answers.get(path.substring(prefix.length()))
                : Optional.empty();
    }

    private static Json.Obj read(Path file) {
        try {
            if (JsonReader.read(Files.readAllBytes(file)) instanceof Json.Obj answers) {
                return answers;
            }
            throw new GovernanceException(Code.STAGE_DESCRIPTION, file + ": expected an object");
        } catch (IOException | ManifestException e) {
            throw new GovernanceException(Code.STAGE_DESCRIPTION, "expected JSON in " + file, e);
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
