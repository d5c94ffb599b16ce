package dev.casemate.agent.sdk;

import dev.casemate.agent.sdk.GuardException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A credential in memory, read once from a mounted file or an inherited descriptor.
///
/// It never prints and cannot be serialised, and two secrets are never equal. [#reveal] is the only
/// way to its value: a search for that word lists every use.
///
/// What a JVM cannot promise: the bytes held here are overwritten by [#wipe], and what they were
/// read into is overwritten at once, but each `reveal` makes a `String`, and drivers and HTTP
/// clients make more; none of those can be overwritten, and the garbage collector moves and copies
/// what it finds. Whoever reads the process's memory or a dump of it reads the secret. In the
/// container there is nobody to do so: the sealed runtime writes no dumps, and its program file
/// cannot be read, which closes `/proc/self/mem`.
public final class Secret {

    /// More than any credential; a wrong file is refused rather than sent somewhere.
    public static final int MAX_BYTES = 8192;

    /// Below it are standard input, output and error: tasks and events, not secrets.
    private static final int FIRST_DESCRIPTOR = 3;

    /// More than a process may have open.
    private static final int LAST_DESCRIPTOR = 65_535;

    /// How long the other end of an inherited pipe may take.
    private static final Duration DESCRIPTOR_WAIT = Duration.ofSeconds(10);

    private final Object lock = new Object();
    private final byte[] value;
    private boolean wiped;

    private Secret(byte[] value) {
        this.value = value;
    }

    /// Reads a mounted file. Links are followed: Kubernetes mounts secrets as links.
    ///
    /// Refused is what is no plain file, what everybody may write, what is longer than
    /// [#MAX_BYTES], and what is not one word of printable ASCII with nothing but white space
    /// around it. A file that everybody may *read* is taken: inside the container there is one
    /// user, and the launcher mounts secrets for that user alone (0400) as Kubernetes does (0440).
    ///
    /// @throws GuardException with code `MISCONFIGURED`; neither content nor path is in its message
    public static Secret read(Path file) {
        try {
            if (!Files.isRegularFile(file) || isWritableByAll(file)) {
                throw new GuardException(
                        Code.MISCONFIGURED,
                        "expected a secret in a plain file that not everybody may write");
            }
            try (var in = Files.newInputStream(file)) {
                return read(in);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// Reads a file or pipe that the process was started with, to its end.
    ///
    /// Without native code there is only one way to it, `/proc/self/fd/N`, which opens it anew: so
    /// the process's user must be allowed to read what the descriptor stands for (a pipe that
    /// another user made cannot be opened), and the inherited descriptor itself stays open. From a
    /// pipe nobody reads it a second time; from a file they can. Refused are descriptors 0 to 2,
    /// what is neither file nor pipe (a terminal, a socket, a folder), a pipe that stays open for
    /// ten seconds, and content that [#read] would refuse.
    ///
    /// @param descriptor from 3
    /// @throws GuardException with code `MISCONFIGURED`
    public static Secret fromDescriptor(int descriptor) {
        return fromDescriptor(descriptor, DESCRIPTOR_WAIT);
    }

    static Secret fromDescriptor(int descriptor, Duration wait) {
        if (descriptor < FIRST_DESCRIPTOR || descriptor > LAST_DESCRIPTOR) {
            throw new GuardException(
                    Code.MISCONFIGURED, "expected the secret in a descriptor from 3 on");
        }
        var path = Path.of("/proc/self/fd/" + descriptor);
        // A read from a pipe waits for its writer, who may never come.
        var reading = new FutureTask<>(() -> readDescriptor(path));
        // A platform thread: an interrupt ends its read for certain, and the process if it does
        // not.
        var reader = Thread.ofPlatform().daemon().name("secret from descriptor").start(reading);
        try {
            return reading.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GuardException refusal ? refusal : unreadable(e);
        } catch (TimeoutException e) {
            reader.interrupt();
            throw unreadable(e);
        } catch (InterruptedException e) {
            reader.interrupt();
            Thread.currentThread().interrupt();
            throw unreadable(e);
        }
    }

    private static Secret readDescriptor(Path path) throws IOException {
        var target = Files.readSymbolicLink(path).toString();
        if (!Files.isRegularFile(path) && !target.startsWith("pipe:")) {
            throw new GuardException(
                    Code.MISCONFIGURED, "expected a descriptor of a file or a pipe");
        }
        try (var in = Files.newInputStream(path)) {
            return read(in);
        }
    }

    private static boolean isWritableByAll(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Secret read(InputStream in) throws IOException {
        var bytes = new byte[MAX_BYTES + 1];
        try {
            int length = in.readNBytes(bytes, 0, bytes.length);
            int begin = 0;
            int end = length;
            while (begin < end && isSpace(bytes[begin])) {
                begin++;
            }
            while (end > begin && isSpace(bytes[end - 1])) {
                end--;
            }
            if (length > MAX_BYTES || begin == end || !isPrintable(bytes, begin, end)) {
                throw new GuardException(
                        Code.MISCONFIGURED,
                        "expected a secret file with one word of printable ASCII");
            }
            return new Secret(Arrays.copyOfRange(bytes, begin, end));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static boolean isPrintable(byte[] bytes, int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static GuardException unreadable(Exception cause) {
        return new GuardException(Code.MISCONFIGURED, "expected a secret that can be read", cause);
    }

    /// The value itself, for the one call that sends it.
    ///
    /// @throws IllegalStateException after [#wipe]
    public String reveal() {
        synchronized (lock) {
            if (wiped) {
                throw new IllegalStateException("the secret was wiped");
            }
            return new String(value, StandardCharsets.US_ASCII);
        }
    }

    /// Overwrites the value; there is nothing to reveal afterwards.
    public void wipe() {
        synchronized (lock) {
            Arrays.fill(value, (byte) 0);
            wiped = true;
        }
    }

    @Override
    public String toString() {
        return "Secret[not shown]";
    }
}
