package dev.casemate.container.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ElfFileTest {

    private static final Path LAUNCHER = Path.of(System.getProperty("java.home"), "bin", "java");

    @Test
    void theJavaLauncherNamesItsLoaderAndItsLibraries() {
        var elf = ElfFile.read(LAUNCHER);
        assertThat(elf.machine()).isEqualTo(ImagePlatform.current().elfMachine());
        assertThat(elf.interpreter()).get().asString().contains("ld-linux");
        assertThat(elf.needed()).contains("libjli.so", "libc.so.6");
    }

    @Test
    void aTextIsNoBinary() {
        refused("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8));
        refused(new byte[0]);
    }

    @Test
    void aBinaryThatEndsTooEarlyIsRefused() throws IOException {
        var whole = Files.readAllBytes(LAUNCHER);
        for (int length = 0; length < 1024; length += 7) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void aDynamicSectionWithoutEndIsRefused() {
        var bytes = new byte[1 << 17];
        var binary = header(bytes, 1);
        int segmentDynamic = 2;
        long offset = 128;
        binary.putInt(64, segmentDynamic).putLong(64 + 8, offset);
        for (int at = (int) offset; at + 16 <= bytes.length; at += 16) {
            binary.putLong(at, 1);
        }
        refused(bytes);
    }

    @Test
    void moreProgramHeadersThanAnyBinaryHasAreRefused() {
        var bytes = new byte[1 << 17];
        header(bytes, 2000);
        refused(bytes);
    }

    private static ByteBuffer header(byte[] bytes, int segments) {
        var binary = ByteBuffer.wrap(bytes);
        binary.putInt(0, 0x7f454c46).putShort(4, (short) 0x0201);
        binary.order(ByteOrder.LITTLE_ENDIAN);
        return binary.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) segments);
    }

    private static void refused(byte[] bytes) {
        assertThatThrownBy(() -> ElfFile.read(bytes))
                .isInstanceOfSatisfying(
                        ImageException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE_BINARY));
    }
}
