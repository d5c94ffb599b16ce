package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whatever comes, it is refused with a [GuardException], or what runs is one SELECT of known
/// words.
class SqlCheckFuzzTest {

    /// Every word that the printers can write outside of literals and quoted names.
    private static final Set<String> WORDS =
            Stream.concat(
                            SqlRules.COMMON_FUNCTIONS.stream(),
                            Stream.of(
                                    """
                                    select distinct from where group by having order asc desc nulls first last
                                    limit offset union all intersect except with as join left right full outer
                                    inner cross on using and or not in like ilike between is null true false
                                    exists case when then else end cast extract over partition filter interval
                                    date time timestamp current_date current_timestamp bigint boolean decimal
                                    double precision int integer numeric real smallint text varchar
                                    century day decade dow doy epoch hour isodow isoyear minute month quarter
                                    second week year n e
                                    """
                                            .strip()
                                            .split("\\s+")))
                    .collect(Collectors.toSet());

    @FuzzTest(maxDuration = "5s")
    void nothingButKnownWordsIsPrinted(FuzzedDataProvider data) {
        // Bytes alone hardly ever come to be SQL.
        var sql =
                data.consumeBoolean()
                        ? data.consumeRemainingAsString()
                        : SqlMutations.next(new Random(data.consumeLong()));
        String print;
        try {
            print = SqlCheck.checked(sql, SqlCases.RULES);
        } catch (GuardException e) {
            return;
        }
        assertKnown(print);
        // What it prints is one of its own kind: printed again, it stays what it is.
        assertThat(SqlCheck.checked(print, SqlCases.RULES)).as(sql).isEqualTo(print);
    }

    static void assertKnown(String print) {
        assertThat(print).matches("(?s)(WITH|SELECT|\\().*");
        var bare = print.replaceAll("'([^']|'')*+'", "1").replaceAll("\"[^\"]*\"", "n");
        assertThat(bare).matches("[A-Za-z0-9_ ().,:+*/%<>=!|-]*").doesNotContain("--", "/*");
        var words = bare.toLowerCase(Locale.ROOT).replaceAll("[0-9]+", " ").split("[^a-z_]+");
        assertThat(WORDS).containsAll(Stream.of(words).filter(word -> !word.isEmpty()).toList());
    }
}
