package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FragmentsTest {

    private static String drawn(Random random, int length) {
        // Few letters, so that many fragments are found and many almost.
        return random.ints(length, 'a', 'd')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @Test
    void theSameIsFoundAsByLookingForEachOne() {
        var random = new Random(1);
        int found = 0;
        for (int i = 0; i < 2_000; i++) {
            var texts = new HashSet<String>();
            for (int j = random.nextInt(20); j > 0; j--) {
                texts.add(drawn(random, 1 + random.nextInt(9)));
            }
            var text = drawn(random, random.nextInt(60));
            var expected = texts.stream().filter(text::contains).collect(Collectors.toSet());
            var fragments = new Fragments(texts);
            assertThat(fragments.foundIn(text)).isEqualTo(expected);
            assertThat(fragments.occurIn(text)).isEqualTo(!expected.isEmpty());
            found += expected.size();
        }
        assertThat(found).isGreaterThan(1_000);
    }
}
