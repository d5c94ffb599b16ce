package dev.casemate.agent.sdk;

import static dev.casemate.agent.sdk.SqlAttack.Alone.CHANGES_ITS_SESSION;
import static dev.casemate.agent.sdk.SqlAttack.Alone.DENIED;
import static dev.casemate.agent.sdk.SqlAttack.Alone.FAILS;
import static dev.casemate.agent.sdk.SqlAttack.Alone.NOT_THERE;
import static dev.casemate.agent.sdk.SqlAttack.Alone.REACHES_SESSIONS;
import static dev.casemate.agent.sdk.SqlAttack.Alone.READS_ITS_OWN;
import static dev.casemate.agent.sdk.SqlAttack.Alone.SPENDS;
import static dev.casemate.agent.sdk.SqlAttack.Alone.TELLS_OF_THE_DATABASE;
import static dev.casemate.agent.sdk.SqlAttack.each;
import static dev.casemate.agent.sdk.SqlRefusal.CHARACTERS;
import static dev.casemate.agent.sdk.SqlRefusal.CLAUSE;
import static dev.casemate.agent.sdk.SqlRefusal.COLUMN;
import static dev.casemate.agent.sdk.SqlRefusal.EXPRESSION;
import static dev.casemate.agent.sdk.SqlRefusal.FUNCTION;
import static dev.casemate.agent.sdk.SqlRefusal.LITERAL;
import static dev.casemate.agent.sdk.SqlRefusal.MALFORMED;
import static dev.casemate.agent.sdk.SqlRefusal.NAME;
import static dev.casemate.agent.sdk.SqlRefusal.NOT_ONE_SELECT;
import static dev.casemate.agent.sdk.SqlRefusal.TOO_LONG;
import static dev.casemate.agent.sdk.SqlRefusal.WITH;

import java.util.stream.Stream;

/// Hostile statements: other than one SELECT, or SELECTs that do more than read, or that hide what
/// they are.
final class SqlStatementAttacks {

    private SqlStatementAttacks() {}

    static Stream<SqlAttack> all() {
        return Stream.of(several(), other(), session(), writing(), hiding(), size())
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> several() {
        return Stream.of(
                        each(
                                NOT_ONE_SELECT,
                                READS_ITS_OWN,
                                "",
                                ";",
                                "-- nothing",
                                "SELECT 1; SELECT 2"),
                        each(
                                NOT_ONE_SELECT,
                                DENIED,
                                "SELECT 1; DROP TABLE daily_prices",
                                "SELECT 1;; DELETE FROM daily_prices",
                                "SELECT 1; COMMIT; DELETE FROM salaries",
                                "ROLLBACK; BEGIN READ WRITE; UPDATE desks SET pin = '0'; COMMIT",
                                "SELECT 1; SET ROLE colleague; SELECT * FROM salaries"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> other() {
        return Stream.of(
                        each(
                                NOT_ONE_SELECT,
                                DENIED,
                                "DELETE FROM daily_prices",
                                "DELETE FROM daily_prices WHERE symbol = 'XCU' RETURNING *",
                                "UPDATE daily_prices SET price = 0",
                                "UPDATE desks SET pin = '0' RETURNING pin",
                                "INSERT INTO reports (title) VALUES ('x')",
                                "INSERT INTO daily_prices VALUES ('XCU', '2030-01-01', 1, 1)",
                                "INSERT INTO desks VALUES (1, 'x') ON CONFLICT DO NOTHING",
                                "TRUNCATE daily_prices",
                                "DROP TABLE daily_prices",
                                "DROP OWNED BY postgres",
                                "REASSIGN OWNED BY postgres TO reader",
                                "CREATE TABLE x (y int)",
                                "CREATE TABLE x AS SELECT price FROM daily_prices",
                                "CREATE TEMP TABLE x AS SELECT price FROM daily_prices",
                                "CREATE VIEW v AS SELECT * FROM salaries",
                                "CREATE SCHEMA intruder",
                                "CREATE DATABASE intruder",
                                "CREATE EXTENSION dblink",
                                "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                                "CREATE ROLE intruder SUPERUSER",
                                "ALTER ROLE reader SUPERUSER",
                                "ALTER ROLE reader SET log_statement = 'none'",
                                "ALTER ROLE reader CONNECTION LIMIT -1",
                                "ALTER TABLE daily_prices ADD COLUMN x int",
                                "ALTER TABLE desks OWNER TO reader",
                                "ALTER SYSTEM SET work_mem = '1GB'",
                                "ALTER DATABASE postgres SET search_path = intruder",
                                "ALTER FUNCTION purge() SECURITY INVOKER",
                                "GRANT SELECT ON salaries TO reader",
                                "GRANT postgres TO reader",
                                "COMMENT ON TABLE daily_prices IS 'x'",
                                "CREATE RULE r AS ON SELECT TO daily_prices DO INSTEAD SELECT 1",
                                "CREATE TRIGGER t AFTER INSERT ON daily_prices EXECUTE FUNCTION"
                                        + " purge()",
                                "CREATE STATISTICS s ON symbol, day FROM daily_prices",
                                "CREATE INDEX ON daily_prices (price)",
                                "REINDEX TABLE daily_prices",
                                "CLUSTER daily_prices USING x",
                                "CHECKPOINT",
                                "BEGIN; LOCK TABLE daily_prices IN ACCESS SHARE MODE",
                                "BEGIN; LOCK TABLE daily_prices IN ACCESS EXCLUSIVE MODE",
                                "COPY daily_prices TO '{out}/x'",
                                "COPY (SELECT 1) TO PROGRAM 'cat > {out}/x'",
                                "COPY daily_prices FROM '{file}'",
                                "COPY salaries TO STDOUT",
                                "COPY desks TO STDOUT",
                                "EXPLAIN ANALYZE DELETE FROM daily_prices",
                                "EXPLAIN SELECT * FROM salaries",
                                "EXPLAIN (ANALYZE, VERBOSE) SELECT pin FROM desks",
                                "PREPARE x AS DELETE FROM daily_prices; EXECUTE x",
                                "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM salaries",
                                "DO $$ BEGIN DELETE FROM daily_prices; END $$",
                                "DO LANGUAGE plpgsql U&'BEGIN DELETE FROM desks\\003B END'"),
                        each(
                                NOT_ONE_SELECT,
                                NOT_THERE,
                                "EXECUTE x",
                                "FETCH ALL FROM x",
                                "REFRESH MATERIALIZED VIEW paid",
                                "CALL purge()",
                                "IMPORT FOREIGN SCHEMA public FROM SERVER x INTO public",
                                "CALL x()",
                                "HANDLER daily_prices OPEN",
                                "SHUTDOWN",
                                "MERGE INTO daily_prices p USING commodities c ON p.symbol ="
                                        + " c.symbol WHEN MATCHED THEN DELETE"),
                        each(
                                NOT_ONE_SELECT,
                                READS_ITS_OWN,
                                "EXPLAIN SELECT price FROM daily_prices"),
                        each(NOT_ONE_SELECT, DENIED, "TABLE salaries", "TABLE desks"),
                        each(NOT_ONE_SELECT, READS_ITS_OWN, "TABLE daily_prices", "VALUES (1)"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> session() {
        return Stream.of(
                        each(
                                NOT_ONE_SELECT,
                                DENIED,
                                "SET ROLE postgres",
                                "SET ROLE colleague",
                                "SET LOCAL ROLE writer",
                                "SET SESSION AUTHORIZATION postgres",
                                "SET temp_file_limit = -1",
                                "SET session_preload_libraries = 'x'",
                                "LOAD '{file}'",
                                "ALTER ROLE reader IN DATABASE postgres SET log_statement = none"),
                        each(
                                NOT_ONE_SELECT,
                                CHANGES_ITS_SESSION,
                                "SET default_transaction_read_only = off",
                                "SET statement_timeout = 0",
                                "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
                                "SET search_path = intruder, public",
                                "SET intervalstyle = 'iso_8601'",
                                "RESET ALL",
                                "DISCARD ALL",
                                "SET work_mem = '1GB'",
                                "COMMIT; SET application_name = 'intruder'",
                                "PREPARE x AS SELECT 1",
                                "DECLARE c CURSOR WITH HOLD FOR SELECT price FROM daily_prices"),
                        each(
                                NOT_ONE_SELECT,
                                READS_ITS_OWN,
                                "SET ROLE NONE",
                                "RESET SESSION AUTHORIZATION",
                                "BEGIN",
                                "COMMIT",
                                "SHOW statement_timeout",
                                "BEGIN; SAVEPOINT x; ROLLBACK TO x; COMMIT",
                                "VACUUM daily_prices",
                                "ANALYZE daily_prices"),
                        each(NOT_ONE_SELECT, DENIED, "SHOW data_directory"),
                        each(
                                NOT_ONE_SELECT,
                                FAILS,
                                "BEGIN; PREPARE TRANSACTION 'x'",
                                "SECURITY LABEL ON TABLE daily_prices IS 'x'"),
                        each(NOT_ONE_SELECT, REACHES_SESSIONS, "NOTIFY x, 'payload'", "LISTEN x"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> writing() {
        return Stream.of(
                        each(
                                CLAUSE,
                                DENIED,
                                "SELECT price INTO stolen FROM daily_prices",
                                "SELECT price FROM daily_prices FOR UPDATE",
                                "SELECT price FROM daily_prices FOR SHARE",
                                "SELECT price FROM daily_prices FOR KEY SHARE",
                                "SELECT price FROM daily_prices FOR NO KEY UPDATE SKIP LOCKED",
                                "SELECT p.price FROM daily_prices p, commodities c FOR UPDATE OF c"
                                        + " NOWAIT"),
                        each(
                                MALFORMED,
                                DENIED,
                                "SELECT price INTO TEMP stolen FROM daily_prices",
                                "SELECT price INTO UNLOGGED stolen FROM daily_prices"),
                        each(
                                WITH,
                                DENIED,
                                "WITH d AS (DELETE FROM daily_prices RETURNING *) SELECT * FROM d",
                                "WITH d AS (INSERT INTO reports (title) VALUES ('x') RETURNING *)"
                                        + " SELECT * FROM d",
                                "WITH d AS (UPDATE daily_prices SET price = 0 RETURNING *) SELECT *"
                                        + " FROM d",
                                "WITH a AS (SELECT 1), d AS (DELETE FROM desks RETURNING pin) SELECT"
                                        + " pin FROM d"),
                        each(
                                NOT_ONE_SELECT,
                                DENIED,
                                "WITH a AS (SELECT symbol FROM commodities) DELETE FROM daily_prices"
                                        + " WHERE symbol IN (SELECT symbol FROM a)"),
                        each(
                                WITH,
                                SPENDS,
                                "WITH RECURSIVE n(price) AS (SELECT 1 UNION ALL SELECT 1 FROM"
                                        + " n) SELECT count(*) FROM n"),
                        each(
                                WITH,
                                FAILS,
                                "WITH RECURSIVE n(price) AS (SELECT 2 UNION ALL SELECT price * price"
                                        + " FROM n) SELECT price FROM n"),
                        each(
                                WITH,
                                READS_ITS_OWN,
                                "SELECT x FROM (WITH d AS (SELECT 1 AS x) SELECT x FROM d) s"),
                        each(
                                CLAUSE,
                                READS_ITS_OWN,
                                "WITH d AS MATERIALIZED (SELECT 1 AS x) SELECT x FROM d"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> hiding() {
        return Stream.of(
                        each(
                                NOT_ONE_SELECT,
                                DENIED,
                                "/* SELECT */ DELETE FROM daily_prices",
                                "SELECT 1 /* */ ; DROP TABLE daily_prices; -- */",
                                "SELECT 1 --\n; DROP TABLE daily_prices",
                                "dElEtE/**/fRoM/**/daily_prices"),
                        each(
                                CHARACTERS,
                                DENIED,
                                "SELECT $a$x$a$; DELETE FROM daily_prices; SELECT $a$x$a$",
                                "SELECT U&\"\\0070in\" FROM desks",
                                "SELECT E'\\''; DELETE FROM daily_prices; --'",
                                "SELECT price FROM daily_prices WHERE symbol = '\\'; DELETE FROM"
                                        + " daily_prices; --'"),
                        each(
                                CHARACTERS,
                                READS_ITS_OWN,
                                "SELECT $$x$$",
                                "SELECT U&'\\0041'",
                                "SELECT E'\\x41'",
                                "SELECT 'a\\' || price FROM daily_prices",
                                "SELECT 1 /* /* */ */"),
                        each(
                                CHARACTERS,
                                NOT_THERE,
                                "SELECT\u00a0price FROM daily_prices",
                                "\ufeffSELECT 1",
                                "SELECT pr\u0456ce FROM daily_prices",
                                "SELECT price FROM daily_prices WHERE symbol = \u2019XCU\u2019",
                                "SELECT price FROM daily_prices \uff1b DROP TABLE daily_prices",
                                "SELECT `price` FROM daily_prices",
                                "SELECT [price] FROM daily_prices",
                                "SELECT @x",
                                "SELECT #1",
                                "SELECT 1 // comment",
                                "SELECT {fn now()}",
                                "SELECT 'x",
                                "SELECT 1 /* /* */ ; DROP TABLE daily_prices; -- */ */; DROP TABLE"
                                        + " daily_prices",
                                "SELECT \"price FROM daily_prices",
                                "SELECT 1 /* open"),
                        each(
                                NAME,
                                NOT_THERE,
                                "SELECT \"x\"\"y\" FROM daily_prices",
                                "SELECT \"pr\u0456ce\" FROM daily_prices",
                                "SELECT price FROM \"daily_prices; DROP TABLE desks\""),
                        each(
                                NAME,
                                READS_ITS_OWN,
                                "SELECT price AS \"x\"\"; DROP TABLE reports; --\" FROM daily_prices",
                                "SELECT price AS \"\u202Ecirp\" FROM daily_prices"),
                        each(
                                LITERAL,
                                READS_ITS_OWN,
                                "SELECT E'a'",
                                "SELECT price FROM daily_prices WHERE symbol = N'XCU'"),
                        each(EXPRESSION, READS_ITS_OWN, "SELECT X'ff'"),
                        each(LITERAL, READS_ITS_OWN, "SELECT B'101'"),
                        each(EXPRESSION, NOT_THERE, "SELECT :name"),
                        each(CHARACTERS, NOT_THERE, "SELECT ?"),
                        each(CHARACTERS, FAILS, "SELECT $1"),
                        each(
                                LITERAL,
                                FAILS,
                                "SELECT price FROM daily_prices WHERE symbol = '\u0000'"),
                        each(MALFORMED, NOT_THERE, "SELECT FROM WHERE"),
                        each(NOT_ONE_SELECT, NOT_THERE, "SELEC price", "S\u0395LECT 1", "'x'", "1"),
                        each(CLAUSE, READS_ITS_OWN, "SELECT /*+ hint */ 1"),
                        each(FUNCTION, DENIED, "SELECT pg_catalog./**/pg_read_file('{file}')"),
                        each(FUNCTION, TELLS_OF_THE_DATABASE, "SELECT/**/version()"),
                        each(COLUMN, DENIED, "SELECT pin -- \n FROM desks"))
                .flatMap(each -> each);
    }

    private static Stream<SqlAttack> size() {
        return Stream.of(
                        each(
                                TOO_LONG,
                                READS_ITS_OWN,
                                "SELECT " + "(".repeat(40) + "1" + ")".repeat(40),
                                "SELECT ')))))))))))))))', "
                                        + "(".repeat(40)
                                        + "1"
                                        + ")".repeat(40),
                                "SELECT " + "000000001+".repeat(850) + "1",
                                "SELECT '" + "x".repeat(8192) + "'",
                                "SELECT 1 " + " ".repeat(8192),
                                "SELECT 1 --" + "x".repeat(8192)),
                        each(
                                TOO_LONG,
                                NOT_THERE,
                                "SELECT " + "(".repeat(20_000) + "1" + ")".repeat(20_000),
                                "SELECT " + "NOT ".repeat(30_000) + "true"),
                        each(MALFORMED, NOT_THERE, "SELECT " + "- ".repeat(2000) + "1 1 1"))
                .flatMap(each -> each);
    }
}
