package dev.casemate.governance;

import dev.casemate.governance.GovernanceException.Code;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/// A real PostgreSQL on loopback, from embedded binaries, filled by a script.
final class Warehouse implements AutoCloseable {

    private static final String OWNER = "postgres";

    /// Where launched agents come from (the launcher's own networks, out of RFC 2544).
    private static final String AGENTS = "198.18.0.0/15";

    private final EmbeddedPostgres postgres;
    private final String database;

    /// @param passwords the values of the script's placeholders, by placeholder
    Warehouse(StageDescription.Database description, Map<String, String> passwords) {
        this.database = description.name();
        try {
            // The embedded server trades durability for speed by default; a rehearsal is about the
            // real thing.
            postgres =
                    EmbeddedPostgres.builder()
                            .setServerConfig("synchronous_commit", "on")
                            .setServerConfig("fsync", "on")
                            .start();
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected PostgreSQL to start", e);
        }
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
            admitAgents(statement);
        } catch (IOException | SQLException e) {
            close();
            throw new GovernanceException(Code.STAGE_FAILED, "expected to create a database", e);
        }
        try (var connection = postgres.getDatabase(OWNER, database).getConnection();
                var statement = connection.createStatement()) {
            var sql = Files.readString(description.script());
            for (var password : passwords.entrySet()) {
                sql =
                        sql.replace(
                                ":'" + password.getKey() + "'",
                                statement.enquoteLiteral(password.getValue()));
            }
            statement.execute(sql);
        } catch (IOException | SQLException e) {
            close();
            throw new GovernanceException(
                    Code.STAGE_FAILED, "expected " + description.script() + " to run", e);
        }
    }

    /// Agents authenticate with their role's password; without this line they are not even heard.
    private void admitAgents(Statement statement) throws IOException, SQLException {
        try (var rows = statement.executeQuery("SHOW hba_file")) {
            rows.next();
            Files.writeString(
                    Path.of(rows.getString(1)),
                    "host %s all %s scram-sha-256%n".formatted(database, AGENTS),
                    StandardOpenOption.APPEND);
        }
        statement.execute("SELECT pg_reload_conf()");
    }

    int port() {
        return postgres.getPort();
    }

    /// The single value of a query, as text, asked as the database's owner.
    String value(String sql) {
        try (var connection = postgres.getDatabase(OWNER, database).getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new GovernanceException(
                        Code.STAGE_DESCRIPTION, "expected a row from the check");
            }
            return rows.getString(1);
        } catch (SQLException e) {
            throw new GovernanceException(Code.STAGE_DESCRIPTION, "expected the check to run", e);
        }
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected PostgreSQL to stop", e);
        }
    }
}
