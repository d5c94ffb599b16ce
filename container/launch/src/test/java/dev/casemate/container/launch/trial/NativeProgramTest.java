package dev.casemate.container.launch.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The native probe's loop, run on this machine with calls that do nothing to it.
final class NativeProgramTest {

    private static final long GETPID = 39;
    private static final long FORK = 57;
    private static final long CLOSE = 3;
    private static final long DUP = 32;

    @TempDir private Path directory;

    @Test
    void itMakesTheCallsInOrderAndSaysWhatEachReturned() throws Exception {
        var program = new NativeProgram();
        program.add(GETPID, new long[0], false, 1);
        program.add(CLOSE, new long[] {1_000}, false, 1);
        assertThat(run(program))
                .hasSize(2)
                .satisfies(lines -> assertThat(lines.getFirst()).startsWith("0000 00000000"))
                .satisfies(lines -> assertThat(lines.getLast()).isEqualTo("0001 fffffffffffffff7"));
    }

    @Test
    void aResultIsAnArgumentOfALaterCall() throws Exception {
        var program = new NativeProgram();
        int copy = program.add(DUP, new long[] {1}, false, 1);
        program.add(CLOSE, new long[] {NativeProgram.resultOf(copy)}, false, 1);
        program.add(CLOSE, new long[] {NativeProgram.resultOf(copy)}, false, 1);
        assertThat(run(program).subList(1, 3))
                .containsExactly("0001 0000000000000000", "0002 fffffffffffffff7");
    }

    @Test
    void aFailureSkipsWhatDependsOnIt() throws Exception {
        var program = new NativeProgram();
        program.skip(program.add(CLOSE, new long[] {1_000}, false, 1), 2);
        program.add(GETPID, new long[0], false, 1);
        program.add(CLOSE, new long[] {1_001}, false, 1);
        assertThat(run(program)).containsExactly("0000 fffffffffffffff7", "0002 fffffffffffffff7");
    }

    @Test
    void aRepeatedCallEndsWithItsFirstFailure() throws Exception {
        var program = new NativeProgram();
        program.add(DUP, new long[] {1}, false, 5);
        program.add(DUP, new long[] {1}, false, 1);
        assertThat(run(program)).containsExactly("0000 0000000000000007", "0001 0000000000000008");
    }

    @Test
    void aChildEndsAndOnlyTheParentGoesOn() throws Exception {
        var program = new NativeProgram();
        program.add(FORK, new long[0], true, 1);
        program.add(61, new long[] {-1, 0, 0, 0}, false, 1);
        var lines = run(program);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().substring(5)).isEqualTo(lines.getLast().substring(5));
    }

    @Test
    void aProgramThatReplacesItselfGoesOnBehindTheCall() throws Exception {
        var program = new NativeProgram();
        program.add(GETPID, new long[0], false, 1);
        long path = program.text("/proc/self/exe");
        long arguments =
                program.words(path, program.text(NativeProgram.resumeAt(program.next())), 0);
        program.add(59, new long[] {path, arguments, program.words(0)}, false, 1);
        program.add(CLOSE, new long[] {1_000}, false, 1);
        assertThat(run(program).subList(1, 3))
                .containsExactly("0001 0000000000000000", "0002 fffffffffffffff7");
    }

    @Test
    void aTableHasALimit() {
        var program = new NativeProgram();
        for (int i = 0; i < NativeProgram.MAX_CALLS; i++) {
            program.add(GETPID, new long[0], false, 1);
        }
        assertThatThrownBy(() -> program.add(GETPID, new long[0], false, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(program.file()).hasSize((int) NativeProgram.maxFileBytes());
    }

    private List<String> run(NativeProgram program) throws IOException {
        var platform = System.getProperty("os.name", "") + System.getProperty("os.arch", "");
        Assumptions.assumeTrue(
                platform.equals("Linuxamd64"), "the native probe is for Linux on x86-64");
        var file = Files.write(directory.resolve("program"), program.file());
        assertThat(file.toFile().setExecutable(true)).isTrue();
        var process = new ProcessBuilder(file.toString()).start();
        try (var out = process.getInputStream()) {
            return new ArrayList<>(
                    new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
    }
}
