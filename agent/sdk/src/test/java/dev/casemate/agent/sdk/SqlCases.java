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
                            // Its third column, `pin`, is nobody's business here.
                            "desks", Set.of("id", "name"),
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
                    "SELECT 'DROP TABLE reports; --' AS note",
                    "SELECT 'a;b' AS note, ';' AS other FROM commodities LIMIT 1",
                    "SELECT true AS yes, null AS nothing FROM commodities LIMIT 1",
                    // names that mean one thing here and another there
                    "SELECT symbol, (SELECT max(price) FROM daily_prices WHERE symbol = c.symbol)"
                            + " AS top FROM commodities c ORDER BY symbol",
                    "SELECT symbol, (SELECT count(*) FROM daily_prices p WHERE p.symbol ="
                            + " commodities.symbol AND day > (SELECT min(day) FROM daily_prices"
                            + " WHERE symbol = p.symbol)) AS later FROM commodities ORDER BY 1",
                    "SELECT name AS symbol FROM commodities GROUP BY symbol, name ORDER BY symbol",
                    "SELECT upper(name) AS name FROM commodities ORDER BY name DESC",
                    "SELECT unit AS measure, count(*) FROM commodities GROUP BY measure ORDER BY"
                            + " count",
                    "SELECT symbol FROM commodities LEFT JOIN daily_prices p USING (symbol) WHERE"
                            + " p.price IS NULL ORDER BY symbol",
                    "SELECT symbol, name FROM daily_prices RIGHT OUTER JOIN commodities USING"
                            + " (symbol) WHERE price IS NULL ORDER BY symbol",
                    "SELECT count(*) FROM daily_prices a CROSS JOIN commodities b",
                    "SELECT x.s, x.n FROM (SELECT symbol, name, unit FROM commodities) AS x (s, n)"
                            + " WHERE x.unit = 'oz' ORDER BY x.s",
                    "WITH daily_prices AS (SELECT symbol FROM commodities) SELECT symbol FROM"
                            + " daily_prices ORDER BY symbol",
                    "SELECT id, name FROM desks WHERE name LIKE 'M%'",
                    "SELECT d.name FROM desks d INNER JOIN commodities c ON c.name <> d.name GROUP"
                            + " BY d.name HAVING count(*) > 1 ORDER BY d.name",
                    "SELECT rank() OVER (PARTITION BY symbol ORDER BY price DESC), day FROM"
                            + " daily_prices ORDER BY symbol, day LIMIT 4",
                    "(SELECT symbol FROM commodities ORDER BY symbol LIMIT 1) UNION ALL (SELECT name"
                            + " FROM commodities ORDER BY name LIMIT 1) ORDER BY symbol",
                    "SELECT \"symbol\", COUNT(*) AS \"How many\" FROM \"daily_prices\" GROUP BY"
                            + " \"symbol\" ORDER BY \"How many\", symbol",
                    "SELECT DISTINCT unit FROM commodities ORDER BY unit DESC NULLS FIRST",
                    "SELECT day + INTERVAL '1' day FROM daily_prices ORDER BY day LIMIT 1",
                    "SELECT price FROM daily_prices WHERE price IN (SELECT max(price) FROM"
                            + " daily_prices) AND volume IS NOT NULL");

    /// With a star: each must run, and give the same rows, whatever the order of the columns.
    static final List<String> STARS =
            List.of(
                    "SELECT p.* FROM daily_prices p ORDER BY p.symbol, p.day LIMIT 2",
                    "SELECT * FROM commodities ORDER BY symbol",
                    "SELECT * FROM commodities c JOIN daily_prices p USING (symbol) ORDER BY"
                            + " c.symbol, p.day LIMIT 3",
                    "SELECT s.*, 1 AS one FROM (SELECT symbol, max(day) AS last FROM daily_prices"
                            + " GROUP BY symbol) s ORDER BY s.symbol",
                    "WITH a AS (SELECT * FROM commodities) SELECT * FROM a ORDER BY symbol",
                    "SELECT * FROM (SELECT * FROM commodities) c WHERE EXISTS (SELECT * FROM"
                            + " daily_prices p WHERE p.symbol = c.symbol) ORDER BY symbol");

    private SqlCases() {}
}
