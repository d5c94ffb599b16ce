package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.casemate.agent.sdk.GuardException.Code;
import dev.casemate.manifest.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SecretTest {

    private static final String VALUE = "hunter2-CANARY";

    @TempDir private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("secret"), content);
    }

    private static void assertRefused(Runnable read) {
        assertThatExceptionOfType(GuardException.class)
                .isThrownBy(read::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.MISCONFIGURED))
                .satisfies(e -> assertThat(trace(e)).doesNotContain("CANARY"));
    }

    private static String trace(Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {VALUE, VALUE + "\n", "  " + VALUE + "\r\n\t", "\n\n" + VALUE})
    void itsValueIsTheFilesOneWord(String content) throws IOException {
        assertThat(Secret.read(file(content)).reveal()).isEqualTo(VALUE);
    }

    /// A record as somebody might write one.
    private record Login(String user, Secret password) implements Serializable {}

    @Test
    void noWayOfPrintingItShowsIt() throws IOException {
        var secret = Secret.read(file(VALUE));
        var message = new LogRecord(java.util.logging.Level.INFO, "secret {0}");
        message.setParameters(new Object[] {secret});
        for (var printed :
                List.of(
                        secret.toString(),
                        "" + secret,
                        String.valueOf(secret),
                        "%s %S %h".formatted(secret, secret, secret),
                        MessageFormat.format("{0}", secret),
                        new Login("reader", secret).toString(),
                        Optional.of(secret).toString(),
                        List.of(secret).toString(),
                        Map.of("password", secret).toString(),
                        Arrays.toString(new Object[] {secret}),
                        new SimpleFormatter().formatMessage(message),
                        new IllegalStateException(String.valueOf(secret)).toString(),
                        Json.object().put("password", secret.toString()).build().text())) {
            assertThat(printed).doesNotContainIgnoringCase("CANARY").isNotEmpty();
        }
    }

    @Test
    void itCannotBeSerialisedNorWhatHoldsIt() throws IOException {
        var secret = Secret.read(file(VALUE));
        for (var holder : List.of(secret, new Login("reader", secret), new Object[] {secret})) {
            var bytes = new ByteArrayOutputStream();
            assertThatExceptionOfType(NotSerializableException.class)
                    .isThrownBy(() -> {
                        try (var out = new ObjectOutputStream(bytes)) {
                            out.writeObject(holder);
                        }
                    });
            assertThat(bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotContain("CANARY");
        }
    }

    @Test
    void twoAreNeverEqualAndNeitherTellsByItsHash() throws IOException {
        var one = Secret.read(file(VALUE));
        var other = Secret.read(file(VALUE));
        assertThat(one).isNotEqualTo(other).isEqualTo(one);
        assertThat(one.hashCode()).isEqualTo(System.identityHashCode(one));
    }

    @Test
    void ofItsMembersNoneButRevealGivesTheValue() {
        var gives =
                Arrays.stream(Secret.class.getDeclaredMethods())
                        .filter(method ->
                                java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                        .map(java.lang.reflect.Method::getName)
                        .sorted()
                        .toList();
        assertThat(gives).containsExactly("fromDescriptor", "read", "reveal", "toString", "wipe");
        assertThat(Secret.class.getFields()).extracting("name").containsExactly("MAX_BYTES");
        assertThat(Secret.class).isFinal();
        assertThat(Secret.class.getInterfaces()).isEmpty();
    }

    @Test
    void wipedThereIsNothingToReveal() throws IOException {
        var secret = Secret.read(file(VALUE));
        secret.wipe();
        secret.wipe();
        assertThatIllegalStateException()
                .isThrownBy(secret::reveal)
                .withMessage("the secret was wiped");
        assertThat(secret).hasToString("Secret[not shown]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "two CANARY",
                "CANARY\nb",
                "CANARY\r\nX-Admin: 1",
                "CANARY\0",
                "CANARY\u007f",
                "CANARY\u00e9",
                "\ufeffCANARY",
                "\u00a0CANARY",
                "\u2028CANARY",
                "\u001b[2JCANARY"
            })
    void whatIsNotOneWordIsRefusedAndNotRepeated(String content) throws IOException {
        var wrong = file(content);
        assertRefused(() -> Secret.read(wrong));
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        assertThat(Secret.read(file("x".repeat(Secret.MAX_BYTES))).reveal())
                .hasSize(Secret.MAX_BYTES);
        var tooLong = file("x".repeat(Secret.MAX_BYTES + 1));
        assertRefused(() -> Secret.read(tooLong));
    }

    @Test
    void whatIsNoPlainFileIsRefused() throws IOException, InterruptedException {
        assertRefused(() -> Secret.read(directory));
        assertRefused(() -> Secret.read(directory.resolve("missing")));
        assertRefused(() -> Secret.read(Path.of("/dev/zero")));
        assertRefused(() -> Secret.read(Path.of("/dev/stdin")));
        // Would wait for a writer.
        var pipe = directory.resolve("pipe");
        assertThat(run("mkfifo", pipe.toString())).isZero();
        assertRefused(() -> Secret.read(pipe));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void whatEverybodyMayWriteIsRefusedAndAsMountedItIsTaken() throws IOException {
        var secret = file(VALUE);
        for (var mode : List.of("r--------", "r--r-----", "rw-r--r--")) {
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
            assertThat(Secret.read(secret).reveal()).isEqualTo(VALUE);
        }
        // As Kubernetes mounts it.
        var link = Files.createSymbolicLink(directory.resolve("link"), secret);
        assertThat(Secret.read(link).reveal()).isEqualTo(VALUE);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertRefused(() -> Secret.read(secret));
        assertRefused(() -> Secret.read(link));
    }

    @Test
    void aFileInADescriptorIsReadAlsoWhereItHasNoNameAnyMore() throws IOException {
        var secret = file(VALUE);
        try (var held = Files.newInputStream(secret)) {
            int descriptor = descriptorOf(secret);
            Files.delete(secret);
            assertThat(Secret.fromDescriptor(descriptor).reveal()).isEqualTo(VALUE);
            assertThat(held.readNBytes(1)).as("the descriptor itself was not read").hasSize(1);
        }
    }

    @Test
    void aPipeInADescriptorIsReadOnce() throws IOException {
        var others = pipes();
        var writer = writing("printf " + VALUE + "; exec >&-; exec sleep 30");
        try (var _ = writer.getInputStream()) {
            var ours = pipes();
            ours.removeAll(others);
            int descriptor = descriptorOf(ours.iterator().next());
            assertThat(Secret.fromDescriptor(descriptor).reveal()).isEqualTo(VALUE);
            assertRefused(() -> Secret.fromDescriptor(descriptor));
        } finally {
            writer.destroyForcibly();
        }
    }

    @Test
    void aPipeThatNobodyClosesIsNotWaitedForForEver() throws IOException {
        var others = pipes();
        var writer = writing("printf " + VALUE + "; exec sleep 30");
        try (var _ = writer.getInputStream()) {
            var ours = pipes();
            ours.removeAll(others);
            int descriptor = descriptorOf(ours.iterator().next());
            assertRefused(() -> Secret.fromDescriptor(descriptor, Duration.ofMillis(300)));
        } finally {
            writer.destroyForcibly();
        }
    }

    /// With a pipe to this process, and no other.
    private static Process writing(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Set<Path> pipes() throws IOException {
        var pipes = new HashSet<Path>();
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)) {
                    var target = Files.readSymbolicLink(descriptor);
                    if (target.toString().startsWith("pipe:")) {
                        pipes.add(target);
                    }
                }
            }
        }
        return pipes;
    }

    /// The number under which this process holds it.
    private static int descriptorOf(Path target) throws IOException {
        try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(target)) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new IOException("no descriptor of it");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2, 60_000, 65_536, Integer.MAX_VALUE})
    void theStandardStreamsAndWhatIsNotOpenAreRefused(int descriptor) {
        assertRefused(() -> Secret.fromDescriptor(descriptor));
    }

    @Test
    void whatIsNeitherFileNorPipeIsRefused() throws IOException {
        var zero = Path.of("/dev/zero");
        try (var held = Files.newInputStream(zero)) {
            int descriptor = descriptorOf(zero);
            assertRefused(() -> Secret.fromDescriptor(descriptor));
            assertThat(held.read()).isZero();
        }
    }
}
