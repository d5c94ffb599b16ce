package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Whatever comes as a stream gives a reply, and the same one wherever it was cut.
class StreamedChatFuzzTest {

    private record Heard(ChatReply reply, List<String> words) {}

    @FuzzTest(maxDuration = "5s")
    void anyBytesGiveOneReplyHoweverTheyAreCut(FuzzedDataProvider data) {
        int pieceBytes = data.consumeInt(1, 64);
        var bytes = data.consumeRemainingAsBytes();
        var whole = heard(bytes, Math.max(1, bytes.length));
        assertThat(heard(bytes, pieceBytes)).isEqualTo(whole);
        if (whole.reply() instanceof ChatReply.Answer(var text, _, _)) {
            assertThat(String.join("", whole.words())).isEqualTo(text.orElse(""));
        }
    }

    private static Heard heard(byte[] bytes, int pieceBytes) {
        var words = new ArrayList<String>();
        var chat = new StreamedChat(words::add);
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            chat.take(ByteBuffer.wrap(bytes, at, Math.min(pieceBytes, bytes.length - at)));
        }
        return new Heard(chat.reply(), words);
    }
}
