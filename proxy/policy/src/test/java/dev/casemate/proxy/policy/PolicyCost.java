package dev.casemate.proxy.policy;

import java.util.Arrays;
import java.util.List;

/// Measures what judging ordinary text costs. Not a test: times depend on the machine.
final class PolicyCost {

    private static final String TEXT =
            "Copper closed at 9,812.50 USD per tonne on the LME on 14 March 2026, 1.3% above the day before; "
                    + "see https://prices.example/lme?metal=copper&day=3 for the curve. "
                    + "Analysts expect previous forecasts to be revised, as mines in Chile were on strike. ";

    private PolicyCost() {}

    public static void main(String[] args) {
        var policy = Policy.defaults();
        for (int chars : List.of(2_000, 20_000, 1_000_000)) {
            var text = TEXT.repeat(chars / TEXT.length() + 1).substring(0, chars);
            int rounds = Math.max(30, 6_000_000 / chars);
            for (var source : List.of(Source.USER, Source.TOOL_RESULT, Source.ASSISTANT)) {
                var passages = List.of(new Passage(source, "/x", text));
                var micros = new double[rounds];
                for (int i = 0; i < rounds; i++) {
                    long start = System.nanoTime();
                    policy.prompt(passages);
                    micros[i] = (System.nanoTime() - start) / 1_000.0;
                }
                Arrays.sort(micros, rounds / 2, rounds);
                var warm = Arrays.copyOfRange(micros, rounds / 2, rounds);
                System.out.printf(
                        "%9d chars %-12s p50 %8.0f us%n",
                        chars, source.word(), warm[warm.length / 2]);
            }
            long start = System.nanoTime();
            var guard = policy.answerStream();
            for (int at = 0; at < chars; at += 4) {
                guard.accept(text.substring(at, Math.min(chars, at + 4)));
            }
            guard.end();
            System.out.printf(
                    "%9d chars as a stream of 4 each: %8.0f us%n",
                    chars, (System.nanoTime() - start) / 1_000.0);
        }
    }
}
