package dev.casemate.agent.sdk;

import java.util.List;
import java.util.stream.Stream;

/// A statement that must do no harm.
///
/// @param sql `{file}` stands for a file with a secret in it, `{out}` for a folder to write to
/// @param refusal why the check refuses it
/// @param alone what comes of it where nothing but the role stands in its way
record SqlAttack(String sql, SqlRefusal refusal, Alone alone) {

    /// What the role by itself makes of a statement. In every case no row, object, right or setting
    /// of the database is changed, no file is read or written, nothing of another table or column
    /// is in the answer, no other role is reached.
    enum Alone {
        /// Not permitted: SQL state 42501.
        DENIED,
        /// No such statement, function, table or column in this version of PostgreSQL.
        NOT_THERE,
        /// Fails on its values or on a limit of PostgreSQL.
        FAILS,
        /// Gives nothing but what the role may read.
        READS_ITS_OWN,
        /// **Not held by the role**: tells how the database is made (names, sources of functions,
        /// settings, sizes), no rows.
        TELLS_OF_THE_DATABASE,
        /// **Not held by the role**: spends time or memory until the timeout, which the session can
        /// switch off.
        SPENDS,
        /// **Not held by the role**: changes its own session, which [ReadOnlySql] resets.
        CHANGES_ITS_SESSION,
        /// **Not held by the role**: other sessions can notice it, or are heard.
        REACHES_SESSIONS
    }

    static Stream<SqlAttack> each(SqlRefusal refusal, Alone alone, String... statements) {
        return Stream.of(statements).map(sql -> new SqlAttack(sql, refusal, alone));
    }

    @Override
    public String toString() {
        return sql.length() > 120 ? sql.substring(0, 120) + "..." : sql;
    }

    static List<SqlAttack> all() {
        return Stream.concat(SqlStatementAttacks.all(), SqlReachAttacks.all()).toList();
    }
}
