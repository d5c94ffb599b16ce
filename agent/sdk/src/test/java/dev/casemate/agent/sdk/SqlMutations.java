package dev.casemate.agent.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Honest statements with pieces of honest and hostile ones in them: most are nearly SQL.
final class SqlMutations {

    private static final List<String> HONEST =
            Stream.concat(SqlCases.HONEST.stream(), SqlCases.STARS.stream()).toList();

    private static final List<String> PIECES =
            Stream.concat(
                            HONEST.stream(),
                            SqlAttack.all().stream()
                                    .map(SqlAttack::sql)
                                    .filter(sql -> sql.length() < 200))
                    .flatMap(sql -> pieces(sql).stream())
                    .toList();

    private SqlMutations() {}

    private static List<String> pieces(String sql) {
        return List.of(sql.split("(?<=[ (),;])"));
    }

    static String next(Random random) {
        var words = new ArrayList<>(pieces(HONEST.get(random.nextInt(HONEST.size()))));
        int changes = 1 + random.nextInt(3);
        for (int change = 0; change < changes; change++) {
            var piece = PIECES.get(random.nextInt(PIECES.size()));
            int at = random.nextInt(words.size());
            if (random.nextBoolean()) {
                words.set(at, piece);
            } else {
                words.add(at, piece);
            }
        }
        return String.join("", words);
    }
}
