package dev.casemate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.agent.analyzer.Comparison;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The committed reports, and what people who know these libraries know of them.
final class LibraryReportsTest {

    private static final Path PAGES = Path.of("../docs/capabilities");

    private static Map<Library, Report> reports;

    @BeforeAll
    static void analyze() throws IOException {
        reports = LibraryReports.reports(Path.of("target/libraries"));
    }

    private static Report report(String library) {
        return reports.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(library))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCommittedPagesAreWhatTheAnalyzerFinds() throws IOException {
        Map<String, String> committed = new TreeMap<>();
        try (var files = Files.list(PAGES)) {
            for (var file : files.toList()) {
                committed.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        var earlier = LibraryReports.reports(Path.of("target/earlier"));
        var found = LibraryReports.pages(reports, earlier);
        assertThat(found).hasSizeGreaterThan(14);
        assertThat(committed)
                .as("docs/capabilities, as bench/libraries writes it")
                .containsExactlyEntriesOf(found);
    }

    @ParameterizedTest(name = "{0} has {1} through {2}")
    @CsvSource({
        "log4j-core, network-connect, javax.naming.InitialContext.lookup",
        "log4j-core, class-definition, javax.script.ScriptEngineManager.getEngineByName",
        "logback, deserialisation, javax.naming.Context.lookup",
        "logback, files-write, java.io.FileOutputStream.<init>",
        "logback, network-listen, java.net.ServerSocket.accept",
        "snakeyaml, reflection, java.lang.reflect.Constructor.newInstance",
        "snakeyaml, environment, java.lang.System.getenv",
        "jackson-databind, reflection, java.lang.Class.forName",
        "netty, native, io.netty.channel.epoll.Native.epollWait0",
        "netty, network-listen, java.nio.channels.ServerSocketChannel.bind",
        "postgresql, network-connect, java.net.Socket.connect",
        "sqlite-jdbc, native, org.sqlite.core.NativeDB._open_utf8",
        "h2, class-definition, javax.tools.JavaCompiler.getTask",
        "h2, exec, java.lang.ProcessBuilder.start",
        "guava, files-read, java.util.jar.JarFile.<init>",
        "commons-compress, files-write, java.nio.file.Files.newOutputStream",
        "httpclient5, network-connect, java.net.InetAddress.getAllByName",
        "jsoup, environment, java.lang.System.setProperty",
        "spring-core, class-definition, java.lang.invoke.MethodHandles$Lookup.defineClass"
    })
    void whatALibraryIsKnownForIsFound(String library, String capability, String call) {
        assertThat(report(library).uses())
                .anyMatch(use ->
                        use.capability().word().equals(capability)
                                && use.call().startsWith(call + "("));
    }

    @ParameterizedTest(name = "{0} has no {1}")
    @CsvSource({
        "snakeyaml, NETWORK_CONNECT",
        "snakeyaml, DESERIALISATION",
        "jackson-databind, EXEC",
        "jackson-databind, DESERIALISATION",
        "commons-compress, NETWORK_CONNECT",
        "httpclient5, NETWORK_LISTEN",
        "postgresql, EXEC"
    })
    void whatALibraryIsKnownNotToDoIsNotFound(String library, Capability capability) {
        assertThat(report(library).capabilities()).doesNotContainKey(capability);
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource({
        "log4j-core, came, sun.misc.Unsafe.invokeCleaner",
        "postgresql, went, java.util.logging.FileHandler.<init>"
    })
    void anUpdateShowsWhatItBroughtAndWhatItTook(String library, String change, String call)
            throws IOException {
        var old = Library.of(Path.of("target/earlier", library)).report();
        var uses =
                Comparison.between(old, report(library)).jars().stream()
                        .map(jar -> change.equals("came") ? jar.usesCame() : jar.usesWent())
                        .flatMap(List::stream);
        assertThat(uses).anyMatch(use -> use.call().startsWith(call + "("));
    }
}
