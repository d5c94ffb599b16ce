package dev.casemate.container.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// A static program for Linux on x86-64 that waits for ever, and does nothing else: what keeps a
/// network namespace before an agent is in it.
final class WaitingProgram {

    private static final long BASE = 0x400000;
    private static final int HEADERS_BYTES = 64 + 56;

    /// Waits for no descriptor and without an end, by a call that every agent's list has; and ends,
    /// with the code 1, should that ever return.
    private static final byte[] CODE =
            HexFormat.of()
                    .parseHex(
                            "31ff" // xor edi, edi
                                    + "31f6" // xor esi, esi
                                    + "48c7c2ffffffff" // mov rdx, -1
                                    + "b807000000" // mov eax, 7 (poll)
                                    + "0f05" // syscall
                                    + "bf01000000" // mov edi, 1
                                    + "b8e7000000" // mov eax, 231 (exit_group)
                                    + "0f05"); // syscall

    private WaitingProgram() {}

    /// The ELF header, one segment that may be read and executed, and the code.
    static byte[] file() {
        int length = HEADERS_BYTES + CODE.length;
        var file = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(BASE + HEADERS_BYTES).putLong(64).putLong(0).putInt(0);
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
        file.putLong(length).putLong(length).putLong(0x1000);
        return file.put(CODE).array();
    }
}
