package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Locale;

/// Whatever comes, it is refused with a [GuardException], or what runs is one SELECT of known
/// words.
class SelectPrinterFuzzTest {

    private static final List<String> NEVER =
            List.of("pg_", "salaries", "delete", "insert", "drop", "into", "copy", ";", "--", "/*");

    @FuzzTest(maxDuration = "5s")
    void nothingButKnownWordsIsPrinted(FuzzedDataProvider data) {
        String print;
        try {
            print = SelectPrinter.checked(data.consumeRemainingAsString(), SqlCases.RULES);
        } catch (GuardException e) {
            return;
        }
        assertThat(print).matches("(?s)(WITH|SELECT|\\().*");
        // Outside of literals and quoted names.
        var words =
                print.replaceAll("'([^']|'')*'", "''")
                        .replaceAll("\"[^\"]*\"", "n")
                        .toLowerCase(Locale.ROOT);
        assertThat(NEVER).noneMatch(words::contains);
    }
}
