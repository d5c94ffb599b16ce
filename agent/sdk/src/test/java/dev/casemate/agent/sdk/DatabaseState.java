package dev.casemate.agent.sdk;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What a statement could have changed, as lines of text to compare: of a database, seen by its
/// owner, and of one session, seen by itself.
final class DatabaseState {

    /// Rows, objects with their rights, roles, settings, sequences, large objects.
    private static final String DATABASE =
            """
            SELECT 'salaries', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM salaries t
            UNION ALL SELECT 'desks', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM desks t
            UNION ALL SELECT 'reports', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM reports t
            UNION ALL SELECT 'prices', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM daily_prices t
            UNION ALL SELECT 'commodities', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM commodities t
            UNION ALL SELECT 'orders', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM orders t
            UNION ALL SELECT 'relations', md5(string_agg(concat(oid, relname, relowner, relacl, relfilenode,
                relhasrules, relhastriggers), '|' ORDER BY oid)) FROM pg_class
            UNION ALL SELECT 'columns', md5(string_agg(concat(attrelid, attname, attacl), '|'
                ORDER BY attrelid, attnum)) FROM pg_attribute
            UNION ALL SELECT 'functions', md5(string_agg(concat(oid, proacl, prosecdef), '|' ORDER BY oid)) FROM pg_proc
            UNION ALL SELECT 'schemas', md5(string_agg(concat(oid, nspacl), '|' ORDER BY oid)) FROM pg_namespace
            UNION ALL SELECT 'roles', md5(string_agg(a::text, '|' ORDER BY oid)) FROM pg_authid a
            UNION ALL SELECT 'memberships', count(*)::text FROM pg_auth_members
            UNION ALL SELECT 'databases', md5(string_agg(concat(oid, datacl), '|' ORDER BY oid)) FROM pg_database
            UNION ALL SELECT 'settings', md5(string_agg(s::text, '|' ORDER BY s::text)) FROM pg_db_role_setting s
            UNION ALL SELECT 'files', md5(string_agg(s::text, '|' ORDER BY s::text)) FROM pg_file_settings s
            UNION ALL SELECT 'sequences', concat(last_value, is_called) FROM reports_id_seq
            UNION ALL SELECT 'large objects', count(*)::text FROM pg_largeobject_metadata
            UNION ALL SELECT 'extensions', count(*)::text FROM pg_extension
            UNION ALL SELECT 'comments', count(*)::text FROM pg_description
            UNION ALL SELECT 'prepared', count(*)::text FROM pg_prepared_xacts
            UNION ALL SELECT 'slots', count(*)::text FROM pg_replication_slots
            """;

    /// Settings, prepared statements, cursors, channels, locks, temporary objects, roles.
    private static final String SESSION =
            """
            SELECT 'setting', name || '=' || setting FROM pg_settings
                WHERE name NOT LIKE 'transaction_%' AND name NOT LIKE 'plpgsql.%'
            UNION ALL SELECT 'statement', name FROM pg_prepared_statements WHERE from_sql
            UNION ALL SELECT 'cursor', name FROM pg_cursors WHERE name <> ''
            UNION ALL SELECT 'channel', c FROM pg_listening_channels() c
            UNION ALL SELECT 'lock', l::text FROM pg_locks l
                WHERE pid = pg_backend_pid() AND locktype IN ('advisory', 'object')
            UNION ALL SELECT 'temporary', pg_my_temp_schema()::text
            UNION ALL SELECT 'user', current_user || ' ' || session_user
            """;

    private DatabaseState() {}

    static List<String> ofDatabase(Connection owner) throws SQLException {
        return lines(owner, DATABASE);
    }

    static List<String> ofSession(Connection session) throws SQLException {
        return lines(session, SESSION);
    }

    private static List<String> lines(Connection connection, String sql) throws SQLException {
        var lines = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1) + ": " + rows.getString(2));
            }
        }
        return lines.stream().sorted().toList();
    }
}
