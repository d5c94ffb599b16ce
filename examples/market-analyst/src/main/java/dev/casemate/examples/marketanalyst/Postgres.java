package dev.casemate.examples.marketanalyst;

import dev.casemate.agent.sdk.GuardException;
import dev.casemate.agent.sdk.Secret;
import dev.casemate.manifest.Deployment;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// The warehouse's database, as one of its roles.
final class Postgres {

    private static final String DATABASE = "warehouse";
    private static final int CONNECT_SECONDS = 5;

    /// Ends a connection on which the database no longer speaks.
    private static final int SILENCE_SECONDS = 15;

    /// More than any answer that a tool hands on, and little enough for the container's memory.
    private static final String MAX_RESULT_BUFFER = "4M";

    private Postgres() {}

    /// @throws GuardException with code `MISCONFIGURED`
    static DataSource at(Deployment.Endpoint endpoint, String role) {
        var password =
                Secret.read(
                        Path.of(
                                endpoint.secret()
                                        .orElseThrow(() ->
                                                new GuardException(
                                                        GuardException.Code.MISCONFIGURED,
                                                        "expected a secret for " + role))));
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {endpoint.host()});
        source.setPortNumbers(new int[] {endpoint.port()});
        source.setDatabaseName(DATABASE);
        source.setUser(role);
        source.setPassword(password.reveal());
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(SILENCE_SECONDS);
        source.setGssEncMode("disable");
        source.setMaxResultBuffer(MAX_RESULT_BUFFER);
        // TLS wherever the deployment names an authority; without one, the network is trusted.
        endpoint.certificateAuthority()
                .ifPresentOrElse(
                        authority -> {
                            source.setSslMode("verify-full");
                            source.setSslRootCert(authority);
                        },
                        () -> source.setSslMode("disable"));
        return source;
    }
}
