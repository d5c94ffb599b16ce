package dev.casemate.agent.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.casemate.manifest.AgentManifest;
import dev.casemate.manifest.Json;

/// Whatever a tool returns and a model sends, they are compared, and what is the same is seen.
final class ProvenanceFuzzTest {

    private static final AgentManifest MANIFEST =
            new FakeTools()
                    .reads("read_page", _ -> "")
                    .trusting("to")
                    .writes("send", _ -> "")
                    .manifest();

    @FuzzTest(maxDuration = "5s")
    void textThatWasTakenOverWholeIsSeenWhateverItIs(FuzzedDataProvider data) {
        var provenance = new Provenance(MANIFEST, "0");
        var page = MANIFEST.tool("read_page").orElseThrow();
        var send = MANIFEST.tool("send").orElseThrow();
        var text = data.consumeString(200);
        var other = data.consumeRemainingAsString();
        provenance.remember(page, other);
        // No JSON begins like this, so that it is read as it stands.
        provenance.remember(page, "x " + text);
        var arguments = Json.object().put("to", text).build();
        var refusal = provenance.refusal(send, arguments);
        long letters = ComparedText.of(text).codePoints().filter(Character::isLetter).count();
        if (letters >= Provenance.WHOLE_LETTERS) {
            assertThat(refusal).isPresent();
        }
        refusal.ifPresent(it -> assertThat(it.text()).hasSizeLessThan(300));
        assertThat(provenance.refusal(page, arguments)).isEmpty();
    }
}
