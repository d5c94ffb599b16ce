package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.MethodFacts.Code;
import dev.casemate.agent.analyzer.PlatformAudit.SinkJudge;
import dev.casemate.agent.analyzer.SinkTable.Sink;
import dev.casemate.manifest.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the sink table against the JDK's own code: a public method from which calls by name lead
/// to the native boundary has the capability in the table, or a line of the insides says why not.
final class PlatformAuditTest {

    private static final Set<String> MODULES =
            Set.of(
                    "java.base",
                    "java.compiler",
                    "java.instrument",
                    "java.logging",
                    "java.management",
                    "java.management.rmi",
                    "java.naming",
                    "java.net.http",
                    "java.prefs",
                    "java.rmi",
                    "java.scripting",
                    "java.security.jgss",
                    "java.security.sasl",
                    "java.sql",
                    "java.sql.rowset",
                    "java.transaction.xa",
                    "java.xml",
                    "jdk.httpserver",
                    "jdk.jfr",
                    "jdk.management",
                    "jdk.net",
                    "jdk.unsupported");

    private static final Map<String, Sink> BOUNDARY =
            SinkTable.lines(SinkTable.resource("boundary.txt"));
    private static final Map<String, Sink> INSIDES = Insides.shipped().lines();

    private static PlatformCalls calls;

    @BeforeAll
    static void readTheJdk() throws IOException {
        calls = PlatformCalls.of(MODULES);
    }

    private static PlatformAudit audit(Map<String, Sink> insides, SinkJudge judge) {
        var audit = new PlatformAudit(calls, insides, judge);
        audit.from(BOUNDARY);
        return audit;
    }

    private static SinkJudge shipped() {
        var table = SinkTable.shipped();
        var program = programOf(calls.types().keySet());
        return method -> table.judge(program, method, method.owner()).capabilities();
    }

    // A shipped class that refers to all of the JDK, for the hierarchy that judging asks for.
    private static Program programOf(Set<String> types) {
        var code =
                new Code(List.of(), List.of(), List.of(), List.copyOf(types), List.of(), List.of());
        var method =
                new MethodFacts(
                        new MethodId("All", "all", "()V"), 0, code, false, Optional.empty());
        var all =
                new TypeFacts("All", 0, List.of(TypeFacts.OBJECT), Map.of("all()V", method), true);
        var origin = new Origin("all.jar", Digest.of(new byte[0]), 1);
        return Program.of(
                List.of(new JarReader.Jar(origin, List.of(all), Map.of())), Platform.running());
    }

    @Test
    void whatAPublicMethodReachesIsInTheTableOrReviewed() {
        var audit = audit(INSIDES, shipped());
        assertThat(audit.findings()).isEmpty();
        assertThat(calls.types()).hasSizeGreaterThan(11_000);
        assertThat(calls.edges()).isGreaterThan(300_000);
        assertThat(audit.judged()).hasSizeGreaterThan(600);
    }

    @Test
    void eachReviewedLineStopsWhatItSays() {
        var used = audit(INSIDES, shipped()).usedLines();
        INSIDES.forEach((pattern, line) ->
                assertThat(used.get(pattern))
                        .as("what %s stops", pattern)
                        .isEqualTo(line.capabilities()));
        assertThat(INSIDES).hasSizeBetween(40, 120);
    }

    @Test
    void withoutTheReviewedLinesTheJdkOpensFilesToFormatANumber() {
        assertThat(audit(Map.of(), shipped()).findings()).hasSizeGreaterThan(400);
    }

    @Test
    void aTableThatJudgesNothingIsFoundOut() {
        var findings = audit(INSIDES, _ -> Set.of()).findings().stream().map(Object::toString);
        assertThat(findings)
                .anyMatch(finding -> finding.startsWith("exec: java.lang.ProcessBuilder.start("))
                .anyMatch(finding ->
                        finding.startsWith("files-read: java.io.FileInputStream.<init>("))
                .anyMatch(finding -> finding.startsWith("network-connect: java.net.InetAddress."))
                .anyMatch(finding -> finding.startsWith("class-definition: java.lang.ClassLoader."))
                .anyMatch(finding -> finding.startsWith("threads: java.lang.Thread.start("))
                .anyMatch(finding -> finding.startsWith("native: java.lang.System.loadLibrary("));
    }

    @Test
    void theBoundaryIsThereInThisJdk() {
        assertThat(BOUNDARY).hasSizeGreaterThan(60);
        for (var pattern : BOUNDARY.keySet()) {
            var name = pattern.split("#", -1);
            assertThat(calls.types().values())
                    .as(pattern)
                    .anyMatch(type ->
                            type.name().equals(name[0].replace('.', '/'))
                                    && type.methods().keySet().stream()
                                            .anyMatch(it -> it.startsWith(name[1] + "(")));
        }
    }
}
