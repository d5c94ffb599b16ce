package dev.casemate.container.deploy;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Role, stage, network rule, integration and service as SQL; the service's specification; and the
/// documents that the SQL puts on the stage.
final class SpcsFiles {

    private static final String SPECIFICATION = "service.yaml";
    private static final int SHORT_HASH = 8;

    private final Place.Spcs place;
    private final Subject subject;
    private final String name;
    private final String specification;

    private SpcsFiles(Place.Spcs place, Subject subject) {
        this.place = place;
        this.subject = subject;
        name = identifier(subject.name());
        specification = YamlText.of(SpcsSpecification.of(place, subject, stage()));
    }

    static List<RenderedFile> of(Place.Spcs place, Subject subject) {
        var spcs = new SpcsFiles(place, subject);
        var files = new ArrayList<RenderedFile>();
        files.add(new RenderedFile(subject.name() + ".sql", spcs.sql()));
        files.add(new RenderedFile(SPECIFICATION, spcs.specification));
        subject.documents(place::secretPath)
                .forEach((file, text) -> files.add(new RenderedFile("files/" + file, text)));
        return files;
    }

    /// Identifiers are not quoted, so they have no hyphens.
    static String identifier(String label) {
        return label.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private String in(String object) {
        return place.database() + "." + place.schema() + "." + object;
    }

    private String stage() {
        return in(name + "_FILES");
    }

    private String sql() {
        return String.join(
                "\n",
                role(),
                files(),
                network(),
                grants(),
                subject.kind() == Kind.TASK ? job() : service());
    }

    private String role() {
        return """
        -- Run by a role that may create roles and integrations, with the directory of this file as
        -- the current one. The images lie in %1$s.
        CREATE ROLE IF NOT EXISTS %2$s;
        GRANT USAGE ON DATABASE %3$s TO ROLE %2$s;
        GRANT USAGE ON SCHEMA %3$s.%4$s TO ROLE %2$s;
        GRANT USAGE ON COMPUTE POOL %5$s TO ROLE %2$s;
        GRANT READ ON IMAGE REPOSITORY %1$s TO ROLE %2$s;
        """
                .formatted(
                        place.repository(),
                        place.role(),
                        place.database(),
                        place.schema(),
                        place.computePool());
    }

    /// The service's role may read the stage and not write: the container cannot change its files.
    private String files() {
        var puts = new StringBuilder();
        for (var file : subject.documents(place::secretPath).keySet()) {
            puts.append(put("files/" + file, "/files"));
        }
        for (var secret : subject.secrets()) {
            if (secret.binary()) {
                puts.append("-- Bring this file along: it is a secret, and not rendered.\n");
                puts.append(put("secrets/" + secret.file(), "/files"));
            }
        }
        return """
        CREATE STAGE IF NOT EXISTS %1$s ENCRYPTION = (TYPE = 'SNOWFLAKE_SSE');
        %2$s%3$sGRANT READ ON STAGE %1$s TO ROLE %4$s;
        """
                .formatted(stage(), put(SPECIFICATION, ""), puts, place.role());
    }

    private String put(String file, String directory) {
        return "PUT 'file://%s' @%s%s AUTO_COMPRESS = FALSE OVERWRITE = TRUE;\n"
                .formatted(file, stage(), directory);
    }

    private String network() {
        var values =
                subject.targets().stream()
                        .map(target -> "'%s:%d'".formatted(target.hostName(), target.port()))
                        .distinct()
                        .collect(Collectors.joining(", "));
        return """
        CREATE OR REPLACE NETWORK RULE %1$s
          TYPE = HOST_PORT
          MODE = EGRESS
          VALUE_LIST = (%2$s);
        CREATE OR REPLACE EXTERNAL ACCESS INTEGRATION %3$s
          ALLOWED_NETWORK_RULES = (%1$s)
          ENABLED = TRUE;
        """
                .formatted(in(name + "_EGRESS"), values, name + "_ACCESS");
    }

    private String grants() {
        var grants = new StringBuilder();
        grants.append(
                "GRANT USAGE ON INTEGRATION %s TO ROLE %s;\n"
                        .formatted(name + "_ACCESS", place.role()));
        subject.secrets().stream()
                .filter(secret -> !secret.binary())
                .map(secret -> in(identifier(secret.secret())))
                .distinct()
                .forEach(secret ->
                        grants.append(
                                "GRANT READ ON SECRET %s TO ROLE %s;\n"
                                        .formatted(secret, place.role())));
        return grants.append(
                        "GRANT CREATE SERVICE ON SCHEMA %s.%s TO ROLE %s;\n"
                                .formatted(place.database(), place.schema(), place.role()))
                .toString();
    }

    /// Each task is a job of its own, named after what it runs.
    private String job() {
        var hash =
                Digest.of(Json.of(specification + subject.documents(place::secretPath)))
                        .value()
                        .substring("sha256:".length())
                        .substring(0, SHORT_HASH);
        return """
        USE ROLE %1$s;
        EXECUTE JOB SERVICE
          IN COMPUTE POOL %2$s
          FROM @%3$s SPECIFICATION_FILE = '%4$s'
          NAME = %5$s
          EXTERNAL_ACCESS_INTEGRATIONS = (%6$s);
        """
                .formatted(
                        place.role(),
                        place.computePool(),
                        stage(),
                        SPECIFICATION,
                        in(name + "_" + identifier(hash)),
                        name + "_ACCESS");
    }

    private String service() {
        return """
        USE ROLE %1$s;
        CREATE SERVICE %5$s
          IN COMPUTE POOL %2$s
          FROM @%3$s SPECIFICATION_FILE = '%4$s'
          EXTERNAL_ACCESS_INTEGRATIONS = (%6$s)
          MIN_INSTANCES = %7$d
          MAX_INSTANCES = %7$d;
        """
                .formatted(
                        place.role(),
                        place.computePool(),
                        stage(),
                        SPECIFICATION,
                        in(name),
                        name + "_ACCESS",
                        subject.replicas());
    }
}
