package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.sql.SQLException;

/// What the model is told when the database says no: the SQL state, never the message, which may
/// quote values.
final class DatabaseFailure {

    private static final String QUERY_CANCELED = "57014";
    private static final String CONNECTION_CLASS = "08";

    private static final String TOO_LONG = "The statement took too long. Ask for less.";

    private DatabaseFailure() {}

    static GuardException timedOut() {
        return new GuardException(Code.TIMED_OUT, TOO_LONG);
    }

    static GuardException of(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        if (state.equals(QUERY_CANCELED)) {
            return new GuardException(Code.TIMED_OUT, TOO_LONG, e);
        }
        if (state.startsWith(CONNECTION_CLASS)) {
            return new GuardException(
                    Code.UNREACHABLE, "The database cannot be reached. Do not try again.", e);
        }
        return new GuardException(
                Code.DATABASE_REFUSED,
                "The database refused the statement, SQL state " + state + ".",
                e);
    }
}
