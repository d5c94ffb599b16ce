package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SinkTableTest {

    private static final Platform PLATFORM = Platform.running();

    @Test
    void everyLineNamesSomethingThatThisJdkHas() {
        var unknown = new ArrayList<String>();
        for (var pattern : SinkTable.shipped().lines().keySet()) {
            if (!exists(pattern)) {
                unknown.add(pattern);
            }
        }
        assertThat(unknown).isEmpty();
        assertThat(SinkTable.shipped().lines()).hasSizeGreaterThan(300);
    }

    private static boolean exists(String pattern) {
        if (pattern.endsWith("*")) {
            var name = pattern.replaceFirst("\\.?\\*+$", "");
            return packages().stream().anyMatch(held -> (held + ".").startsWith(name + "."))
                    || name.isEmpty();
        }
        int hash = pattern.indexOf('#');
        var type = hash < 0 ? pattern : pattern.substring(0, hash);
        var facts = PLATFORM.type(type.replace('.', '/'));
        if (facts.isEmpty() || hash < 0) {
            return facts.isPresent();
        }
        var method = pattern.substring(hash + 1).split("\\(", 2);
        var first = method.length < 2 ? "" : method[1].replace(")", "").replace('.', '/');
        return facts.get().methods().values().stream()
                .map(MethodFacts::id)
                .anyMatch(id ->
                        id.name().equals(method[0])
                                && (first.isEmpty()
                                        || id.descriptor().startsWith("(L" + first + ";")));
    }

    private static Set<String> packages() {
        var packages = new HashSet<String>();
        ModuleFinder.ofSystem()
                .findAll()
                .forEach(module -> packages.addAll(module.descriptor().packages()));
        return packages;
    }

    @Test
    void everyPackageThatTheBaseModuleExportsIsJudged() {
        var table = SinkTable.shipped().lines();
        var exported =
                ModuleFinder.ofSystem().find("java.base").orElseThrow().descriptor().exports();
        assertThat(exported).hasSizeGreaterThan(40);
        for (var export : exported) {
            var name = export.source();
            if (!export.isQualified()) {
                assertThat(judged(table.keySet(), name)).as(name).isTrue();
            }
        }
    }

    private static boolean judged(Set<String> patterns, String name) {
        if (patterns.contains(name + ".*")) {
            return true;
        }
        for (var tree = name; !tree.isEmpty(); ) {
            if (patterns.contains(tree + ".**")) {
                return true;
            }
            tree = tree.substring(0, Math.max(0, tree.lastIndexOf('.')));
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.lang.*",
                "java.lang.* none",
                "java.lang.* harmless text",
                "java.lang.* exec, text",
                "java.lang.* none text\njava.lang.* exec text",
                "java.lang.* none no line for the rest"
            })
    void aTableThatDoesNotFollowItsFormIsRefused(String text) {
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> SinkTable.read(text))
                .matches(e -> e.code() == Code.BROKEN_TABLE)
                .withMessageContaining("line ");
    }
}
