package dev.casemate.proxy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Peers that owe the gateway bytes: they take no room for longer than they are given.
final class ConnectionTest {

    private static final int PATIENCE_MILLIS = 15_000;

    @TempDir Path directory;
    private House house;

    @BeforeEach
    void open() throws Exception {
        house = new House(directory);
        house.limits = "limits: {idleSeconds: 1}";
        house.start();
    }

    @AfterEach
    void close() {
        house.close();
    }

    private SSLSocket connect() throws IOException {
        var socket =
                (SSLSocket)
                        house.certificate
                                .clientContext()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", house.gateway().port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void send(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String head(int length) {
        return "POST %s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n"
                .formatted(FrontDoor.CHAT, House.CREDENTIAL, length);
    }

    private boolean awaitExchanges(int count) throws Exception {
        var deadline = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        while (System.nanoTime() < deadline) {
            if (house.admin("/health").body().contains("\"exchanges\":" + count + "}")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        try (var socket = connect()) {
            socket.startHandshake();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aBodyThatNeverEndsIsHungUpOnAndLeavesNoExchangeBehind() throws Exception {
        try (var socket = connect()) {
            send(socket, head(1_000) + "{\"model\"");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(awaitExchanges(0)).isTrue();
        assertThat(house.records()).isEmpty();
    }

    @Test
    void anAgentThatLeavesInTheMiddleOfItsPromptLeavesNoExchangeBehind() throws Exception {
        try (var socket = connect()) {
            send(socket, head(1_000) + "{\"model\"");
            assertThat(awaitExchanges(1)).isTrue();
        }
        assertThat(awaitExchanges(0)).isTrue();
        assertThat(house.records()).isEmpty();
    }

    @Test
    void anAgentThatLeavesWhileTheModelThinksIsRecorded() throws Exception {
        house.upstream.play((_, _) -> {});
        var prompt = House.prompt("hello");
        try (var socket = connect()) {
            send(socket, head(prompt.length()) + prompt);
            assertThat(awaitExchanges(1)).isTrue();
            while (house.upstream.seen().isEmpty()) {
                Thread.onSpinWait();
            }
        }
        assertThat(house.upstream.awaitCancelled()).isTrue();
        assertThat(awaitExchanges(0)).isTrue();
        var answer = house.records().getLast().body();
        assertThat(answer.text("outcome")).contains("client_gone");
        // Nobody knows what the model wrote by then: the whole reservation is counted.
        assertThat(answer.text("costNanoUsd"))
                .isEqualTo(house.records().getFirst().body().text("reservedNanoUsd"));
    }
}
