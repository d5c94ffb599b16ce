package dev.casemate.agent.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Statements that the SQL guard is held to, and the rules that it is held to them with.
final class SqlCases {

    static final SqlRules RULES =
            new SqlRules(
                    Map.of(
                            "commodities", Set.of("symbol", "name", "unit"),
                            "daily_prices", Set.of("symbol", "day", "price", "volume"),
                            "public.daily_prices", Set.of("symbol", "day", "price", "volume")),
                    SqlRules.COMMON_FUNCTIONS,
                    100,
                    65_536,
                    Duration.ofSeconds(2));

    /// What an analyst may ask: each must run, and give the same rows as when it is run unchecked.
    static final List<String> HONEST =
            List.of(
                    "SELECT avg(price) FROM daily_prices WHERE symbol = 'XCU'",
                    "select count(*), min(day), max(day) from public.daily_prices;",
                    "SELECT symbol, round(avg(price), 2) AS average FROM daily_prices GROUP BY symbol"
                            + " HAVING count(*) > 1 ORDER BY average DESC NULLS LAST, symbol LIMIT 2"
                            + " OFFSET 1",
                    "SELECT c.name, p.price FROM daily_prices AS p JOIN commodities c ON c.symbol ="
                            + " p.symbol WHERE p.day = DATE '2026-01-05' ORDER BY c.name",
                    "SELECT c.name, p.price FROM commodities c LEFT JOIN daily_prices p USING (symbol)"
                            + " WHERE p.day IS NULL OR NOT (p.price < 0) ORDER BY 1, 2",
                    "WITH weekly AS (SELECT symbol, date_trunc('week', day) AS week, avg(price) AS"
                            + " average FROM daily_prices GROUP BY 1, 2), top(s, a) AS (SELECT symbol,"
                            + " max(average) FROM weekly GROUP BY symbol) SELECT s, a FROM top ORDER BY"
                            + " s",
                    "SELECT symbol, day, price - lag(price) OVER (PARTITION BY symbol ORDER BY day) AS"
                            + " change FROM daily_prices ORDER BY symbol, day LIMIT 5",
                    "SELECT count(*) FILTER (WHERE price > 100) AS dear FROM daily_prices",
                    "SELECT CASE WHEN avg(price) > 10 THEN 'high' ELSE 'low' END AS level FROM"
                            + " daily_prices WHERE symbol IN ('XCU', 'XAU')",
                    "SELECT symbol FROM commodities WHERE symbol NOT IN (SELECT symbol FROM"
                            + " daily_prices WHERE price BETWEEN 1 AND 2) ORDER BY symbol",
                    "SELECT EXTRACT(year FROM day) AS y, sum(volume)::numeric(20,2) FROM daily_prices"
                            + " GROUP BY 1",
                    "SELECT CAST(price AS integer) + 1.5e1, -price, price * 2 % 7 FROM daily_prices"
                            + " ORDER BY symbol, day LIMIT 3",
                    "SELECT symbol FROM daily_prices WHERE day > (SELECT max(day) FROM daily_prices) -"
                            + " INTERVAL '7 days' GROUP BY symbol ORDER BY symbol",
                    "SELECT name || ' (' || unit || ')' FROM commodities WHERE name ILIKE '%o%' AND"
                            + " name NOT LIKE 'x''%' ORDER BY name",
                    "SELECT symbol FROM commodities UNION SELECT symbol FROM daily_prices ORDER BY"
                            + " symbol",
                    "SELECT s.average FROM (SELECT avg(price) AS average FROM daily_prices) s -- the"
                            + " mean\n",
                    "/* mean */ SELECT coalesce(nullif(avg(price), 0), 1) FROM daily_prices",
                    "SELECT DISTINCT symbol FROM daily_prices p WHERE EXISTS (SELECT 1 FROM"
                            + " commodities c WHERE c.symbol = p.symbol) ORDER BY symbol",
                    "SELECT p.* FROM daily_prices p ORDER BY p.symbol, p.day LIMIT 2",
                    "SELECT 'DROP TABLE reports; --' AS note",
                    "SELECT 'a;b' AS note, ';' AS other FROM commodities LIMIT 1",
                    "SELECT true AS yes, null AS nothing FROM commodities LIMIT 1");

    /// What must never reach the database.
    static final List<String> HOSTILE =
            List.of(
                    // more than one statement, or none
                    "",
                    ";",
                    "-- nothing",
                    "SELECT 1; SELECT 2",
                    "SELECT 1; DROP TABLE daily_prices",
                    "SELECT 1;; DELETE FROM daily_prices",
                    // other statements
                    "DELETE FROM daily_prices",
                    "UPDATE daily_prices SET price = 0",
                    "INSERT INTO reports (title) VALUES ('x')",
                    "TRUNCATE daily_prices",
                    "DROP TABLE daily_prices",
                    "CREATE TABLE x (y int)",
                    "CREATE TABLE x AS SELECT price FROM daily_prices",
                    "ALTER ROLE analyst_reader SUPERUSER",
                    "GRANT ALL ON daily_prices TO PUBLIC",
                    "COPY daily_prices TO '/tmp/x'",
                    "COPY (SELECT 1) TO PROGRAM 'id'",
                    "DO $$ BEGIN DELETE FROM daily_prices; END $$",
                    "CALL x()",
                    "SET ROLE postgres",
                    "SET default_transaction_read_only = off",
                    "RESET ALL",
                    "BEGIN",
                    "COMMIT",
                    "LOCK TABLE daily_prices",
                    "NOTIFY x",
                    "LISTEN x",
                    "VACUUM",
                    "PREPARE x AS SELECT 1",
                    "EXECUTE x",
                    "EXPLAIN ANALYZE DELETE FROM daily_prices",
                    "MERGE INTO daily_prices p USING commodities c ON p.symbol = c.symbol WHEN MATCHED"
                            + " THEN DELETE",
                    "TABLE daily_prices",
                    "VALUES (1)",
                    // a SELECT that writes or locks
                    "SELECT price INTO stolen FROM daily_prices",
                    "SELECT price INTO TEMP stolen FROM daily_prices",
                    "SELECT price FROM daily_prices FOR UPDATE",
                    "SELECT price FROM daily_prices FOR SHARE",
                    "SELECT price FROM daily_prices FOR NO KEY UPDATE SKIP LOCKED",
                    "WITH d AS (DELETE FROM daily_prices RETURNING *) SELECT * FROM d",
                    "WITH d AS (INSERT INTO reports (title) VALUES ('x') RETURNING *) SELECT * FROM d",
                    "WITH d AS (UPDATE daily_prices SET price = 0 RETURNING *) SELECT * FROM d",
                    "WITH RECURSIVE n(price) AS (SELECT 1 UNION ALL SELECT price + 1 FROM n) SELECT"
                            + " price FROM n",
                    "WITH d AS MATERIALIZED (SELECT 1) SELECT * FROM d",
                    // functions
                    "SELECT pg_read_file('/etc/passwd')",
                    "SELECT pg_catalog.pg_read_file('/etc/passwd')",
                    "SELECT \"pg_read_file\"('/etc/passwd')",
                    "SELECT lo_import('/etc/passwd')",
                    "SELECT nextval('reports_id_seq')",
                    "SELECT setval('reports_id_seq', 1)",
                    "SELECT set_config('role', 'postgres', false)",
                    "SELECT current_setting('data_directory')",
                    "SELECT pg_sleep(60)",
                    "SELECT pg_terminate_backend(1)",
                    "SELECT query_to_xml('DELETE FROM daily_prices', true, true, '')",
                    "SELECT dblink('host=attacker', 'SELECT 1')",
                    "SELECT repeat('x', 1000000000)",
                    "SELECT lpad('x', 1000000000)",
                    "SELECT version()",
                    "SELECT avg(price), pg_sleep(60) FROM daily_prices",
                    "SELECT price FROM daily_prices ORDER BY pg_sleep(60)",
                    "SELECT price FROM daily_prices WHERE 1 = (SELECT pg_sleep(60)::text::int)",
                    "SELECT price FROM daily_prices GROUP BY price HAVING pg_sleep(1) IS NULL",
                    "SELECT price FROM daily_prices LIMIT pg_sleep(1)",
                    "SELECT CASE WHEN pg_sleep(1) IS NULL THEN 1 END",
                    "SELECT count(*) FILTER (WHERE pg_sleep(1) IS NULL) FROM daily_prices",
                    "SELECT lag(price) OVER (ORDER BY pg_sleep(1)) FROM daily_prices",
                    "SELECT p.price FROM daily_prices p JOIN commodities c ON pg_sleep(1) IS NULL",
                    "SELECT {fn now()}",
                    "SELECT (pg_stat_file('x')).*",
                    // keywords that are functions
                    "SELECT current_user",
                    "SELECT session_user FROM daily_prices",
                    "SELECT user",
                    // sets from nowhere
                    "SELECT * FROM generate_series(1, 1000000000)",
                    "SELECT generate_series(1, 1000000000)",
                    "SELECT unnest(ARRAY[1, 2])",
                    "SELECT price FROM daily_prices, LATERAL (SELECT pg_sleep(1)) x",
                    "SELECT * FROM pg_ls_dir('/')",
                    "SELECT * FROM ROWS FROM (pg_ls_dir('/'))",
                    "SELECT price FROM daily_prices TABLESAMPLE SYSTEM (10)",
                    // tables
                    "SELECT * FROM pg_catalog.pg_authid",
                    "SELECT * FROM pg_authid",
                    "SELECT * FROM pg_shadow",
                    "SELECT * FROM information_schema.tables",
                    "SELECT * FROM salaries",
                    "SELECT * FROM other.daily_prices",
                    "SELECT * FROM warehouse.public.daily_prices",
                    "SELECT * FROM \"Salaries\"",
                    "SELECT price FROM daily_prices UNION SELECT amount FROM salaries",
                    "SELECT price FROM daily_prices WHERE price IN (SELECT amount FROM salaries)",
                    "SELECT (SELECT max(amount) FROM salaries)",
                    "SELECT price FROM daily_prices NATURAL JOIN salaries",
                    "WITH a AS (SELECT * FROM salaries), salaries AS (SELECT 1 AS price) SELECT * FROM"
                            + " a",
                    "SELECT * FROM salaries WHERE EXISTS (WITH salaries AS (SELECT 1) SELECT 1)",
                    "WITH salaries AS (SELECT * FROM salaries) SELECT * FROM salaries",
                    // columns
                    "SELECT password FROM daily_prices",
                    "SELECT ctid FROM daily_prices",
                    "SELECT p.row_to_json FROM daily_prices p",
                    // casts and literals
                    "SELECT 'pg_authid'::regclass",
                    "SELECT CAST('x' AS public.evil)",
                    "SELECT $$x$$",
                    "SELECT E'\\x41'",
                    "SELECT 'a\\' || price FROM daily_prices",
                    "SELECT U&'\\0041'",
                    "SELECT X'ff'",
                    "SELECT ?",
                    "SELECT :name",
                    "SELECT @x",
                    // operators
                    "SELECT price FROM daily_prices WHERE symbol ~ '(a+)+$'",
                    "SELECT price FROM daily_prices WHERE symbol SIMILAR TO '(a|b)*'",
                    "SELECT price OPERATOR(public.+) 1 FROM daily_prices",
                    "SELECT price = ANY (SELECT 1) FROM daily_prices",
                    // hiding
                    "/* SELECT */ DELETE FROM daily_prices",
                    "SELECT 1 /* */ ; DROP TABLE daily_prices; -- */",
                    "SELECT /*+ hint */ 1",
                    "SELECT 1 --\n; DROP TABLE daily_prices",
                    "SELECT price FROM daily_prices WHERE symbol = '\u0000'",
                    "S\u0395LECT 1",
                    "SELECT \"x\"\"y\" FROM daily_prices",
                    "SELECT price AS \"x\"\"; DROP TABLE reports; --\" FROM daily_prices",
                    "SELECT " + "(".repeat(40) + "1" + ")".repeat(40),
                    "SELECT " + "1+".repeat(5000) + "1");

    private SqlCases() {}
}
