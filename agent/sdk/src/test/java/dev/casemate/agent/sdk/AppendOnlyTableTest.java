package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.casemate.agent.sdk.AppendOnlyTable.Column;
import dev.casemate.agent.sdk.GuardException.Code;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendOnlyTableTest {

    private static final List<Column> COLUMNS =
            List.of(new Column("title", 20), new Column("content", 100));
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static Warehouse warehouse;

    @BeforeAll
    static void start() {
        warehouse = new Warehouse();
    }

    @AfterAll
    static void stop() throws IOException {
        warehouse.close();
    }

    private static AppendOnlyTable reports() {
        return new AppendOnlyTable(warehouse.writer(), "reports", COLUMNS, TIMEOUT);
    }

    @Test
    void aRowIsStoredAsItIsWhateverItsTextSays() throws SQLException {
        var hostile = "'); DROP TABLE reports; --";
        reports().append(Map.of("title", "Copper", "content", hostile));
        assertThat(warehouse.count("reports WHERE content = '''); DROP TABLE reports; --'"))
                .isEqualTo(1);
    }

    @Test
    void aRowThatIsNotOfTheTablesFormIsRefused() {
        for (var row :
                List.of(
                        Map.of("title", "x"),
                        Map.of("title", "x", "content", "y", "filed", "z"),
                        Map.of("title", "x", "id", "1"),
                        Map.of("title", "x".repeat(21), "content", "y"),
                        Map.of("title", "x\0", "content", "y"))) {
            assertThatExceptionOfType(GuardException.class)
                    .isThrownBy(() -> reports().append(row))
                    .extracting(GuardException::code)
                    .isEqualTo(Code.INVALID_PARAMETER);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM reports",
                "UPDATE reports SET title = 'x'",
                "DELETE FROM reports",
                "TRUNCATE reports",
                "INSERT INTO reports (title, content, filed) VALUES ('x', 'y', now())",
                "INSERT INTO reports (title, content) VALUES ('x', 'y') RETURNING id",
                "INSERT INTO daily_prices VALUES ('XCU', '2030-01-01', 1, 1)",
                "SELECT * FROM daily_prices",
                "CREATE TABLE x (y int)"
            })
    void withoutTheGuardTheRoleAloneHolds(String attack) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute(attack))
                .extracting(SQLException::getSQLState)
                .isEqualTo("42501");
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = warehouse.writer().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aNameThatIsNotOneIsAProgrammingError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new AppendOnlyTable(warehouse.writer(), "reports; --", COLUMNS, TIMEOUT));
        assertThatIllegalArgumentException().isThrownBy(() -> new Column("a b", 1));
    }
}
