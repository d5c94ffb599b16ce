package dev.casemate.agent.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.analyzer.AnalyzerException.Code;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cannot be read is a failure with a code, never an answer.
final class UnreadableInputTest {

    private static final String MAIN =
            """
            package app;
            public class Main {
                public static void main(String[] args) throws Exception {
                    Runnable r = () -> System.out.println(args[0] + "!");
                    r.run();
                }
            }
            """;

    @TempDir Path directory;
    private Path jar = Path.of("unset");

    @BeforeEach
    void compile() {
        jar = new Fixture(directory).jar(MAIN).classPath().getFirst();
    }

    private static Code codeOf(Path jar, Root root) {
        try {
            Analyzer.analyze(List.of(jar), List.of(root));
        } catch (AnalyzerException e) {
            return e.code();
        }
        throw new AssertionError("the analysis gave an answer");
    }

    private static Code codeOf(Path jar) {
        return codeOf(jar, Root.main("app.Main"));
    }

    private byte[] mainClass() throws IOException {
        return Fixture.entry(jar, "app/Main.class");
    }

    private Path packed(byte[] mainClass) throws IOException {
        return Fixture.pack(directory.resolve("made.jar"), Map.of("app/Main.class", mainClass));
    }

    @Test
    void aJarCutOffAnywhereIsRefused() throws IOException {
        var bytes = Files.readAllBytes(jar);
        for (int length = 0; length < bytes.length; length += Math.max(1, bytes.length / 40)) {
            var cut = Files.write(directory.resolve("cut.jar"), Arrays.copyOf(bytes, length));
            assertThat(codeOf(cut)).isEqualTo(Code.UNREADABLE_JAR);
        }
    }

    @Test
    void aMissingJarIsRefused() {
        assertThat(codeOf(directory.resolve("nowhere.jar"))).isEqualTo(Code.UNREADABLE_JAR);
    }

    @Test
    void aClassCutOffAnywhereIsRefused() throws IOException {
        var bytes = mainClass();
        for (int length = 0; length < bytes.length - 1; length += 7) {
            assertThat(codeOf(packed(Arrays.copyOf(bytes, length))))
                    .as("first " + length + " of " + bytes.length + " bytes")
                    .isEqualTo(Code.UNREADABLE_CLASS);
        }
    }

    @Test
    void aClassUnderAnothersPathIsRefused() throws IOException {
        var made = Fixture.pack(directory.resolve("m.jar"), Map.of("app/Other.class", mainClass()));
        assertThat(codeOf(made)).isEqualTo(Code.UNREADABLE_CLASS);
    }

    @Test
    void aClassOfANewerJavaIsRefused() throws IOException {
        var bytes = mainClass();
        bytes[7]++;
        assertThat(codeOf(packed(bytes))).isEqualTo(Code.UNREADABLE_CLASS);
    }

    @Test
    void aClassNewerThanTheJavaThatRunsItIsRefused() throws IOException {
        var older = Runtime.Version.parse("21");
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> JarReader.read(packed(mainClass()), older))
                .withMessageContaining("Java 21 can load")
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE_CLASS));
    }

    @Test
    void aClassThatTheJdkMayHaveTooIsRefused() throws IOException {
        // Of a module that exports nothing, so that it need not be there.
        var type = ClassDesc.of("sun.util.resources.provider.Mine");
        var name = "sun/util/resources/provider/Mine.class";
        var bytes = ClassFile.of().build(type, _ -> {});
        var fake = Fixture.pack(directory.resolve("f.jar"), Map.of(name, bytes));
        assertThat(codeOf(fake)).isEqualTo(Code.AMBIGUOUS_CLASS);
    }

    @Test
    void aClassInThePlaceOfAnIncubatingModuleIsRefusedSinceItWouldBeLoaded() throws IOException {
        var bytes = ClassFile.of().build(ClassDesc.of("jdk.incubator.vector.Mine"), _ -> {});
        var name = "jdk/incubator/vector/Mine.class";
        var fake = Fixture.pack(directory.resolve("f.jar"), Map.of(name, bytes));
        assertThat(codeOf(fake)).isEqualTo(Code.AMBIGUOUS_CLASS);
    }

    @Test
    void aClassTwiceInAJarIsRefused() throws IOException {
        var twice =
                Map.of(
                        "app/Main.class", mainClass(),
                        "BOOT-INF/classes/app/Main.class", mainClass());
        assertThat(codeOf(Fixture.pack(directory.resolve("twice.jar"), twice)))
                .isEqualTo(Code.AMBIGUOUS_CLASS);
    }

    @Test
    void aJarWithTwoEntriesOfOneNameIsRefused() throws IOException {
        var entries = Map.of("app/Main.class", mainClass(), "app/Mail.class", mainClass());
        var bytes = Files.readAllBytes(Fixture.pack(directory.resolve("two.jar"), entries));
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        Files.write(
                directory.resolve("two.jar"),
                text.replace("app/Mail.class", "app/Main.class")
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(codeOf(directory.resolve("two.jar"))).isEqualTo(Code.AMBIGUOUS_CLASS);
    }

    @Test
    void anEntryWithAnotherChecksumIsRefused() throws IOException {
        var bytes = Files.readAllBytes(packed(mainClass()));
        // The first entry's checksum in the central directory.
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("PK\u0001\u0002") + 16] ^= 1;
        assertThat(codeOf(Files.write(directory.resolve("sum.jar"), bytes)))
                .isEqualTo(Code.UNREADABLE_JAR);
    }

    @Test
    void aFlippedByteGivesAnAnswerOrACodeAndNothingElse() throws IOException {
        var random = new Random(20_261_123);
        var bytes = mainClass();
        for (int i = 0; i < 2_000; i++) {
            var broken = bytes.clone();
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                JarReader.type(
                        "made.jar", "app/Main.class", broken, Runtime.version(), new Names());
            } catch (AnalyzerException e) {
                assertThat(e.code()).isEqualTo(Code.UNREADABLE_CLASS);
            }
        }
    }

    @Test
    void aRootThatIsNotShippedIsRefused() {
        assertThat(codeOf(jar, Root.main("app.Nobody"))).isEqualTo(Code.UNKNOWN_ROOT);
        assertThat(codeOf(jar, Root.every("java.lang.String"))).isEqualTo(Code.UNKNOWN_ROOT);
    }

    @Test
    void noRootIsRefused() {
        assertThatExceptionOfType(AnalyzerException.class)
                .isThrownBy(() -> Analyzer.analyze(List.of(jar), List.of()))
                .withMessageContaining("at least one root");
    }
}
