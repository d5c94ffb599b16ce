package dev.casemate.agent.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import dev.casemate.manifest.Capability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jars as they are found in the wild: within each other, signed, with descriptors, twice, too
/// large. Each is read whole or refused.
final class ArchiveTest {

    private static final String LIBRARY =
            """
            package lib;
            public class Part {
                public static void act() throws Exception { new ProcessBuilder("sh").start(); }
            }
            """;
    private static final String MAIN = Fixture.main("lib.Part.act();");

    @TempDir Path directory;

    private Fixture two() {
        return new Fixture(directory).jar(LIBRARY).jar(MAIN);
    }

    private static byte[] manifest(String... lines) {
        return ("Manifest-Version: 1.0\r\n" + String.join("\r\n", lines) + "\r\n\r\n")
                .getBytes(UTF_8);
    }

    private Path pack(String name, Map<String, byte[]> entries) throws IOException {
        // A jar's manifest comes first.
        var ordered =
                new TreeMap<String, byte[]>((a, b) -> {
                    boolean manifest = a.equals("META-INF/MANIFEST.MF");
                    return manifest == b.equals("META-INF/MANIFEST.MF")
                            ? a.compareTo(b)
                            : manifest ? -1 : 1;
                });
        ordered.putAll(entries);
        return Fixture.pack(directory.resolve(name), ordered);
    }

    private static Code refused(Subject subject) {
        try {
            Analyzer.analyze(subject);
        } catch (AnalyzerException e) {
            return e.code();
        }
        throw new AssertionError("the analysis gave an answer");
    }

    private static Code refused(Path jar) {
        return refused(Subject.open(jar, List.of()));
    }

    @Test
    void theJarsThatALauncherPackedIntoAJarAreRead() throws IOException {
        var jars = two().classPath();
        var boot =
                pack(
                        "boot.jar",
                        Map.of(
                                "META-INF/MANIFEST.MF",
                                manifest("Main-Class: app.Main", "Start-Class: app.Main"),
                                "BOOT-INF/classes/app/Main.class",
                                Fixture.entry(jars.getFirst(), "app/Main.class"),
                                "BOOT-INF/lib/part.jar",
                                Files.readAllBytes(jars.getLast())));
        var report = Analyzer.analyze(Subject.open(boot, List.of()));
        assertThat(Fixture.path(report, Capability.EXEC)).contains("lib.Part.act()");
        assertThat(report.origins())
                .extracting(Origin::name)
                .containsExactly("boot.jar", "boot.jar!/BOOT-INF/lib/part.jar");
        assertThat(report.capabilities().get(Capability.EXEC))
                .extracting(Witness::origin)
                .containsExactly("boot.jar!/BOOT-INF/lib/part.jar");
    }

    @Test
    void providersThatAPackedApplicationNamesAreFollowed() throws IOException {
        var provider =
                """
                package app;
                public class Job implements Runnable {
                    public void run() {
                        try { new ProcessBuilder("sh").start(); } catch (Exception e) {}
                    }
                }
                """;
        var loads =
                Fixture.main(
                        "for (var s : java.util.ServiceLoader.load(Runnable.class)) { s.run(); }");
        var jar = new Fixture(directory).jar(provider, loads).classPath().getFirst();
        var entries =
                Map.of(
                        "META-INF/MANIFEST.MF",
                        manifest("Main-Class: app.Main"),
                        "BOOT-INF/classes/app/Main.class",
                        Fixture.entry(jar, "app/Main.class"),
                        "BOOT-INF/classes/app/Job.class",
                        Fixture.entry(jar, "app/Job.class"),
                        "BOOT-INF/classes/META-INF/services/java.lang.Runnable",
                        "app.Job".getBytes(UTF_8));
        var report = Analyzer.analyze(Subject.open(pack("named.jar", entries), List.of()));
        assertThat(Fixture.path(report, Capability.EXEC)).contains("app.Job.run()");
        assertThat(
                        Analyzer.analyze(
                                        new Fixture(directory).jar(loads).classPath(),
                                        List.of(Root.main("app.Main")))
                                .capabilities())
                .isEmpty();
    }

    @Test
    void jarsInJarsEndAtADepth() throws IOException {
        var inner = Files.readAllBytes(two().classPath().getFirst());
        for (int depth = 2; depth <= JarReader.MAX_DEPTH; depth++) {
            inner = Files.readAllBytes(pack("deep" + depth + ".jar", Map.of("in.jar", inner)));
        }
        var deepest = directory.resolve("deep" + JarReader.MAX_DEPTH + ".jar");
        var roots = List.of(Root.main("app.Main"));
        assertThat(Analyzer.analyze(Subject.open(deepest, roots)).origins()).hasSize(3);
        var deeper = pack("deeper.jar", Map.of("in.jar", inner));
        assertThat(refused(Subject.open(deeper, roots))).isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void anEntryThatUnpacksToTooMuchIsRefusedBeforeItIsHeld() throws IOException {
        var bomb = directory.resolve("bomb.jar");
        try (var out = new ZipOutputStream(Files.newOutputStream(bomb))) {
            out.putNextEntry(new ZipEntry("lib/Bomb.class"));
            var zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
            out.closeEntry();
        }
        assertThat(Files.size(bomb)).isLessThan(JarReader.MAX_ENTRY_BYTES / 100);
        assertThat(refused(bomb)).isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void manyEntriesThatTogetherUnpackToTooMuchAreRefused() throws IOException {
        var entry = new byte[JarReader.MAX_ENTRY_BYTES];
        var packed = new ByteArrayOutputStream();
        try (var out = new ZipOutputStream(packed)) {
            out.setLevel(Deflater.BEST_SPEED);
            for (long total = 0; total <= JarReader.MAX_UNPACKED_BYTES; total += entry.length) {
                out.putNextEntry(new ZipEntry("META-INF/services/s" + total));
                out.write(entry);
                out.closeEntry();
            }
        }
        var bomb = Files.write(directory.resolve("sum.jar"), packed.toByteArray());
        assertThat(refused(bomb)).isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void moreEntriesThanAreReadAreRefused() throws IOException {
        var many = directory.resolve("many.jar");
        try (var out = new ZipOutputStream(Files.newOutputStream(many))) {
            for (int i = 0; i <= JarReader.MAX_ENTRIES; i++) {
                out.putNextEntry(new ZipEntry("e" + i));
            }
        }
        assertThat(refused(many)).isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void aSignedJarIsReadAndOneChangedAfterwardsIsRefused() throws Exception {
        var jar = two().classPath().getLast();
        sign(jar);
        var report = Analyzer.analyze(Subject.open(jar, List.of()));
        assertThat(report.capabilities()).containsKey(Capability.EXEC);

        var entries = new HashMap<String, byte[]>();
        for (var name : List.of("META-INF/MANIFEST.MF", "META-INF/KEY.SF", "META-INF/KEY.EC")) {
            entries.put(name, Fixture.entry(jar, name));
        }
        var other = LIBRARY.replace("\"sh\"", "\"ls\"");
        var changed = new Fixture(Files.createDirectory(directory.resolve("changed"))).jar(other);
        entries.put(
                "lib/Part.class", Fixture.entry(changed.classPath().getFirst(), "lib/Part.class"));
        assertThat(refused(pack("changed.jar", entries))).isEqualTo(Code.UNREADABLE_JAR);
    }

    private void sign(Path jar) throws Exception {
        var store = directory.resolve("keys.p12").toString();
        var bin = Path.of(System.getProperty("java.home"), "bin");
        run(
                bin.resolve("keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=signer",
                "-keystore",
                store,
                "-storepass",
                "for-tests");
        run(
                bin.resolve("jarsigner").toString(),
                "-keystore",
                store,
                "-storepass",
                "for-tests",
                jar.toString(),
                "key");
    }

    private void run(String... command) throws Exception {
        var log = directory.resolve("command.log").toFile();
        var process =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
        assertThat(process.waitFor()).as(() -> log.toString()).isZero();
    }

    @Test
    void providersThatAModuleDescriptorNamesAreFollowed() throws IOException {
        var service = "package app; public interface Service { void act(); }";
        var provider =
                """
                package lib;
                public class Provider implements app.Service {
                    public void act() {
                        try { new ProcessBuilder("sh").start(); } catch (Exception e) {}
                    }
                }
                """;
        var loads =
                Fixture.main(
                        "for (var s : java.util.ServiceLoader.load(Service.class)) { s.act(); }");
        var jars = new Fixture(directory).jar(service).jar(provider).jar(loads).classPath();
        var module =
                ModuleDescriptors.bytes(
                        "lib.module", "app.Service", List.of("lib.Provider"), List.of("lib"));
        var entries = new HashMap<String, byte[]>();
        entries.put("lib/Provider.class", Fixture.entry(jars.get(1), "lib/Provider.class"));
        entries.put("module-info.class", module);
        var described = pack("described.jar", entries);
        var report =
                Analyzer.analyze(
                        List.of(jars.getFirst(), described, jars.getLast()),
                        List.of(Root.main("app.Main")));
        assertThat(Fixture.path(report, Capability.EXEC)).contains("lib.Provider.act()");
    }

    @Test
    void aModuleDescriptorThatDoesNotFitIsRefused() throws IOException {
        var library = Fixture.entry(two().classPath().getLast(), "lib/Part.class");
        var elsewhere =
                ModuleDescriptors.bytes(
                        "lib.module", "lib.Service", List.of("nowhere.Provider"), List.of("lib"));
        for (var module : List.of(elsewhere, "no class".getBytes(UTF_8))) {
            var jar =
                    pack(
                            "module.jar",
                            Map.of("lib/Part.class", library, "module-info.class", module));
            assertThat(refused(jar)).isEqualTo(Code.UNREADABLE_MODULE);
        }
    }

    @Test
    void ofTwoClassesOfOneNameTheFirstCountsAndTheOtherIsNamed() throws IOException {
        var harmless = LIBRARY.replace("new ProcessBuilder(\"sh\").start();", "");
        var first = new Fixture(Files.createDirectory(directory.resolve("other"))).jar(harmless);
        var jars = two().classPath();
        var good = Files.copy(first.classPath().getFirst(), directory.resolve("good.jar"));
        var roots = List.of(Root.main("app.Main"));
        var report = Analyzer.analyze(List.of(jars.getFirst(), good, jars.getLast()), roots);
        assertThat(report.capabilities()).isEmpty();
        assertThat(String.join("\n", report.assumptions())).contains("lib.Part of fixture-0.jar");

        var reversed = Analyzer.analyze(List.of(jars.getFirst(), jars.getLast(), good), roots);
        assertThat(reversed.capabilities()).containsKey(Capability.EXEC);
        var same =
                Analyzer.analyze(
                        List.of(
                                jars.getFirst(),
                                good,
                                Files.copy(good, directory.resolve("c.jar"))),
                        roots);
        assertThat(same.assumptions()).noneMatch(line -> line.contains("never loaded"));
    }

    @Test
    void aClassOfAPackageOfTheJdkIsNeverLoadedAndNamed() throws IOException {
        var bytes = ClassFile.of().build(ClassDesc.of("java.util.Mine"), _ -> {});
        var jars = two().classPath();
        var mine = pack("mine.jar", Map.of("java/util/Mine.class", bytes));
        var report =
                Analyzer.analyze(
                        List.of(jars.getFirst(), jars.getLast(), mine),
                        List.of(Root.main("app.Main")));
        assertThat(String.join("\n", report.assumptions()))
                .contains("never loaded")
                .contains("java.util.Mine of mine.jar");
    }

    @Test
    void aJarBringsThoseThatItsClassPathNames() throws IOException {
        var jars = two().classPath();
        Files.copy(jars.getLast(), directory.resolve("part.jar"));
        var app =
                pack(
                        "app.jar",
                        Map.of(
                                "META-INF/MANIFEST.MF",
                                manifest(
                                        "Main-Class: app.Main",
                                        "Class-Path: part.jar not-there.jar"),
                                "app/Main.class",
                                Fixture.entry(jars.getFirst(), "app/Main.class")));
        var report = Analyzer.analyze(Subject.open(app, List.of()));
        assertThat(Fixture.path(report, Capability.EXEC)).contains("lib.Part.act()");

        var remote =
                pack(
                        "remote.jar",
                        Map.of(
                                "META-INF/MANIFEST.MF",
                                manifest("Main-Class: app.Main", "Class-Path: http://x/y.jar")));
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> Subject.open(remote, List.of()))
                .withMessageContaining("relative paths");
    }

    @Test
    void anAttributeThatOpensTheJdkCountsInTheJarThatStarts() throws IOException {
        var harmless = new Fixture(directory).jar(Fixture.main("")).classPath().getFirst();
        var entries =
                Map.of(
                        "META-INF/MANIFEST.MF",
                        manifest(
                                "Main-Class: app.Main",
                                "Add-Opens: java.base/java.lang",
                                "Launcher-Agent-Class: app.Main"),
                        "app/Main.class",
                        Fixture.entry(harmless, "app/Main.class"));
        var opening = pack("opening.jar", entries);
        // The class of the agent has no such method, and java would not start.
        assertThat(refused(opening)).isEqualTo(Code.UNKNOWN_ROOT);
        var main = List.of(Root.main("app.Main"));
        assertThat(Analyzer.analyze(List.of(opening), main).capabilities())
                .as("a class path ignores the attribute")
                .isEmpty();

        var manifest = manifest("Main-Class: app.Main", "Add-Opens: java.base/java.lang");
        var changed = new HashMap<>(entries);
        changed.put("META-INF/MANIFEST.MF", manifest);
        var report = Analyzer.analyze(Subject.open(pack("opens.jar", changed), List.of()));
        assertThat(Fixture.path(report, Capability.REFLECTION))
                .first()
                .isEqualTo("opens.jar!.META-INF.MANIFEST.MF.Add-Opens()");
        assertThat(report.capabilities()).containsKey(Capability.NATIVE);
        assertThat(report.origins()).extracting(Origin::classes).containsExactly(1);
    }

    @Test
    void aJarThatDoesNotStartIsALibraryWithAPublicApi() {
        var library = two().classPath().getLast();
        var report = Analyzer.analyze(Subject.open(library, List.of()));
        assertThat(report.roots()).containsExactly("public API of fixture-0.jar");
        assertThat(Fixture.path(report, Capability.EXEC))
                .containsExactly("lib.Part.act()", "java.lang.ProcessBuilder.<init>(String[])");
    }

    @Test
    void aDirectoryOfJarsOfWhichNoneStartsNeedsARoot() {
        two();
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> Subject.open(directory, List.of()))
                .withMessageStartingWith("NO_ROOT");
        assertThat(
                        Analyzer.analyze(
                                        Subject.open(
                                                directory, List.of(Root.method("lib.Part", "act"))))
                                .capabilities())
                .containsKey(Capability.EXEC);
    }
}
