package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;

/// Whatever a proxy answers, reading it gives one of the three replies.
class ChatWireFuzzTest {

    @FuzzTest(maxDuration = "5s")
    void anyBytesGiveAReply(FuzzedDataProvider data) {
        int status = data.consumeInt(100, 599);
        var body = data.consumeRemainingAsBytes();
        assertThat(ChatWire.answer(body)).isNotNull();
        assertThat(ChatWire.error(status, body, Optional.empty()))
                .isNotInstanceOf(ChatReply.Answer.class);
    }
}
