package dev.casemate.container.launch.trial;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// A static program for Linux on x86-64 that makes a table of system calls, without a C library and
/// without anything of Java's: what an attacker has who already runs code of his own.
///
/// It stands whole at [#BASE]: header, the loop of `native-probe.txt`, the table, and the data that
/// the table's arguments point to. Started with one argument, it goes on behind the call that this
/// names (see [#resumeAt]), so that a program that replaced itself says so and goes on.
final class NativeProgram {

    static final long BASE = 0x400000;

    /// Zeroes, for calls to write into: 64 KiB.
    static final long SCRATCH = 0x620000;

    /// Zeroes, for calls to read from: 1 MiB.
    static final long ZEROES = 0x700000;

    static final int ZEROES_BYTES = 1 << 20;

    /// In place of a call's number: reads eight bytes at the address in the first argument.
    static final long PEEK = 10_000;

    /// The most calls that a table holds.
    static final int MAX_CALLS = 1_500;

    private static final String LOOP = "native-probe.txt";
    private static final int HEADERS_BYTES = 64 + 56;
    private static final int COUNT_AT = 0xff8;
    private static final int TABLE_AT = 0x1000;
    private static final int DATA_AT = 0x20000;
    private static final int CALL_BYTES = 80;
    private static final int ARGUMENTS = 6;
    private static final long MEMORY_BYTES = 0x500000;
    private static final long RESULT = Long.MIN_VALUE;

    private final List<Call> calls = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /// @param arguments values, addresses, or the [#resultOf] an earlier call
    /// @param forks whether a result of 0 means being the child, which then ends
    /// @param repeats how often it is made, at most; it ends with the first failure
    /// @param skipTo the call that is next if this one fails; 0 for the one behind it
    private record Call(
            long number, List<Long> arguments, boolean forks, long repeats, int skipTo) {}

    /// @return the call's place in the table
    int add(long number, long[] arguments, boolean forks, long repeats) {
        if (calls.size() == MAX_CALLS || arguments.length > ARGUMENTS) {
            throw new IllegalArgumentException("expected fewer calls, of at most six arguments");
        }
        calls.add(new Call(number, Arrays.stream(arguments).boxed().toList(), forks, repeats, 0));
        return calls.size() - 1;
    }

    /// Lets a failure of this call skip others.
    void skip(int call, int next) {
        var made = calls.get(call);
        calls.set(call, new Call(made.number, made.arguments, made.forks, made.repeats, next));
    }

    /// The place of the next call.
    int next() {
        return calls.size();
    }

    /// An argument that is what an earlier call returned.
    static long resultOf(int call) {
        return RESULT + call;
    }

    /// @return its address, ended by a zero byte
    long text(String text) {
        return bytes((text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /// @return their address, a multiple of eight
    long bytes(byte[] bytes) {
        long address = BASE + DATA_AT + data.size();
        data.writeBytes(bytes);
        data.writeBytes(new byte[(8 - data.size() % 8) % 8]);
        return address;
    }

    /// @return the address of these, eight bytes each
    long words(long... words) {
        var bytes = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long word : words) {
            bytes.putLong(word);
        }
        return bytes(bytes.array());
    }

    /// The argument with which this program goes on behind a call.
    static String resumeAt(int call) {
        var name = new StringBuilder();
        for (int shift = 12; shift >= 0; shift -= 4) {
            name.append((char) ('a' + (call >> shift & 15)));
        }
        return name.toString();
    }

    /// How long the file will be once the data are complete; a copy of itself is this long.
    static long maxFileBytes() {
        return 0x40000;
    }

    /// The whole file.
    byte[] file() {
        int length = (int) maxFileBytes();
        if (DATA_AT + data.size() > length || TABLE_AT + calls.size() * CALL_BYTES > DATA_AT) {
            throw new IllegalStateException("expected the table and its data to fit");
        }
        var file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        header(file, length);
        file.put(loop());
        file.position(COUNT_AT).putLong(calls.size());
        for (int i = 0; i < calls.size(); i++) {
            write(calls.get(i), file.position(TABLE_AT + i * CALL_BYTES));
        }
        file.position(DATA_AT).put(data.toByteArray());
        return file.array();
    }

    /// The ELF header, and one segment that may be read, written and executed.
    private static void header(ByteBuffer file, int length) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(BASE + HEADERS_BYTES).putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(7).putLong(0).putLong(BASE).putLong(BASE);
        file.putLong(length).putLong(MEMORY_BYTES).putLong(0x1000);
    }

    private static void write(Call call, ByteBuffer file) {
        file.putLong(call.number);
        int results = 0;
        for (int i = 0; i < ARGUMENTS; i++) {
            long argument = i < call.arguments.size() ? call.arguments.get(i) : 0;
            boolean result = argument < RESULT + MAX_CALLS;
            results |= result ? 1 << i : 0;
            file.putLong(result ? argument - RESULT : argument);
        }
        file.putInt(results).putInt(call.forks ? 1 : 0);
        file.putLong(call.repeats).putLong(call.skipTo);
    }

    private static byte[] loop() {
        try (var stream = NativeProgram.class.getResourceAsStream(LOOP)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + LOOP);
            }
            var code = new ByteArrayOutputStream();
            for (var line :
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (!line.startsWith("#")) {
                    var bytes = line.substring(0, line.indexOf('|')).replace(" ", "");
                    code.writeBytes(HexFormat.of().parseHex(bytes));
                }
            }
            return code.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
