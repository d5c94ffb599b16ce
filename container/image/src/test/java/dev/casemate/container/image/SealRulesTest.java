package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The rules of the seal as data: a rule without reason or without effect is found.
final class SealRulesTest {

    private static final Set<String> BASE = Set.of("java.base");

    @Test
    void aRuleHasAReason() {
        assertThatThrownBy(() -> RuleFile.parse("rules", "java.base java/lang Process\n"))
                .hasMessageContaining("rules line 1");
        assertThatThrownBy(() -> RuleFile.parse("rules", "\njava.base java/lang Process # \n"))
                .hasMessageContaining("rules line 2");
    }

    @Test
    void everyRuleOfTheSealHasAReason() {
        assertThat(RuleFile.resource(SealPlugin.CLASSES).rules()).hasSizeGreaterThan(30);
        assertThat(RuleFile.resource(SealPlugin.METHODS).rules()).hasSizeGreaterThan(8);
        assertThat(RuleFile.resource(SealPlugin.KEPT).rules()).hasSizeGreaterThan(8);
        assertThat(RuleFile.resource(RuntimeModules.RULES).rules()).hasSizeGreaterThan(20);
    }

    @Test
    void aRemovedClassGoesWithItsNestedClassesAndNoOther() {
        var removed = removed("java.base java/lang Process Thread # a test");
        assertThat(removed.matches("/java.base/java/lang/Process.class")).isTrue();
        assertThat(removed.matches("/java.base/java/lang/Process$Inner$1.class")).isTrue();
        assertThat(removed.matches("/java.base/java/lang/ProcessBuilder.class")).isFalse();
        assertThat(removed.matches("/java.base/java/lang/sub/Process.class")).isFalse();
        assertThat(removed.matches("/java.sql/java/lang/Process.class")).isFalse();
        assertThat(removed.matches("/java.base/java/lang/Process.txt")).isFalse();
        assertThat(removed.count()).isEqualTo(2);
    }

    @Test
    void aRuleForAllClassesOfAPackageTakesNoneOfAnother() {
        var rules = removed("java.base java/lang * # a test");
        assertThat(rules.matches("/java.base/java/lang/Process$Inner.class")).isTrue();
        assertThat(rules.matches("/java.base/java/lang/sub/Process.class")).isFalse();
        assertThat(rules.matches("/java.sql/java/lang/Process.class")).isFalse();
        assertThat(rules.stale(BASE)).isEmpty();
    }

    @Test
    void aClassThatIsNotThereIsStaleUnlessItsModuleIsNotThere() {
        var removed = removed("java.base java/lang Process Gone # a test\na.b c Gone # a test");
        assertThat(removed.matches("/java.base/java/lang/Process.class")).isTrue();
        assertThat(removed.stale(BASE)).containsExactly("/java.base/java/lang/Gone");
    }

    @Test
    void aMethodThatIsNotThereIsStale() throws Exception {
        var cut =
                new CutMethods(
                        RuleFile.parse(
                                "rules",
                                """
                                java.base java/lang/Runtime exec refuse # a test
                                java.base java/lang/Runtime vanished refuse # a test
                                java.base java/lang/Gone exec refuse # a test
                                a.b c/Gone exec refuse # a test
                                """));
        var path = "/java.base/java/lang/Runtime.class";
        try (var in = Runtime.class.getResourceAsStream("Runtime.class")) {
            var bytes = Objects.requireNonNull(in).readAllBytes();
            assertThat(cut.apply(path, bytes)).isNotEqualTo(bytes);
        }
        assertThat(cut.count()).as("overloads of exec").isEqualTo(6);
        assertThat(cut.stale(BASE))
                .containsExactly(path + " vanished", "/java.base/java/lang/Gone.class exec");
    }

    @Test
    void aWayToCutThatNobodyKnowsIsRefused() {
        assertThatThrownBy(
                        () -> new CutMethods(RuleFile.parse("rules", "m c/D e sometimes # a test")))
                .hasMessageContaining("sometimes");
    }

    private static ClassRules removed(String rules) {
        return new ClassRules(RuleFile.parse("rules", rules));
    }
}
