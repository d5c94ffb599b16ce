package dev.casemate.agent.testkit;

import static dev.casemate.agent.testkit.RunAssert.assertThatRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.casemate.agent.sdk.AgentLoop;
import dev.casemate.agent.sdk.Approver;
import dev.casemate.agent.sdk.ChatModel;
import dev.casemate.agent.sdk.ChatReply;
import dev.casemate.agent.sdk.RunEnd;
import dev.casemate.agent.sdk.RunReport;
import dev.casemate.agent.sdk.ToolSet;
import dev.casemate.agent.testkit.TestkitException.Code;
import dev.casemate.manifest.Correlation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedModelTest {

    private static final String SECRET = "correct-horse-battery";
    private static final Redaction REDACTION =
            Redaction.standard().withSecret("database-password", SECRET);

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("copper.json");
    }

    private static ToolSet tools(String result) {
        return FixtureToolSet.of(Samples.MANIFEST).answering("quote", result);
    }

    /// With another seed each time, as a test elsewhere would have.
    private static RunReport run(ToolSet tools, ChatModel model, String task) {
        return new AgentLoop(
                        tools,
                        model,
                        "test-model",
                        new Correlation("r", "w", "t"),
                        InstantSource.system(),
                        new Random(),
                        Approver.NOBODY,
                        _ -> {})
                .run(task);
    }

    private static ScriptedModel live() {
        return new ScriptedModel()
                .calls("quote", Samples.symbol("XCU"))
                .says("It is 9912.5. Ask desk@example.org or " + SECRET + ".");
    }

    private RunReport record() {
        return run(
                tools("9912.5, said " + SECRET),
                RecordedModel.recording(file, live(), REDACTION),
                "What is copper at?");
    }

    private RecordedModel replay() {
        return RecordedModel.replaying(file, REDACTION);
    }

    @Test
    void whatWasRecordedOnceIsReplayedForEver() {
        var recorded = record();
        for (int i = 0; i < 3; i++) {
            var replayed = run(tools("9912.5, said " + SECRET), replay(), "What is copper at?");
            assertThatRun(replayed)
                    .called("quote", Samples.symbol("XCU"))
                    .answeredWith("It is 9912.5.");
            assertThat(replayed.end()).isEqualTo(recorded.end());
            assertThat(replayed.tokens()).isEqualTo(recorded.tokens());
        }
    }

    @Test
    void nothingIsWrittenBeforeItIsRedactedAndTheFileSaysSo() throws IOException {
        var recorded = record();
        var text = Files.readString(file);
        assertThat(text).doesNotContain(SECRET, "desk@example.org");
        assertThat(text)
                .contains(
                        "\"redacted\":true",
                        "\"redaction\":[\"api-key\",\"aws-key\",\"bearer\",\"database-password\",\"email\",\"jwt\",\"private-key\"]",
                        "[redacted database-password]",
                        "[redacted email]");
        // And the run that was recorded saw what a replay will see.
        assertThatRun(recorded).answeredWith("[redacted email]").neverAnsweredWith(SECRET);
    }

    @Test
    void aSecretInAStreamIsNotToldBeforeItIsRedacted() throws InterruptedException {
        var told = new ArrayList<String>();
        var model = new ScriptedModel().streams("It is correct-", "horse-battery.");
        var request =
                new dev.casemate.agent.sdk.ChatRequest(
                        "test-model",
                        List.of(),
                        List.of(),
                        new dev.casemate.agent.sdk.TraceContext("1".repeat(32), "2".repeat(16)),
                        java.time.Duration.ofSeconds(1));
        var _ = RecordedModel.recording(file, model, REDACTION).ask(request, told::add);
        assertThat(told).containsExactly("It is [redacted database-password].");
    }

    @Test
    void aPromptThatWasNotRecordedSaysRecordAgainAndWhatDiffers() {
        record();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(tools("9912.5"), replay(), "What is silver at?"))
                .withMessageContaining("record again")
                .withMessageContaining("message 3 [task]");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(tools("1.0"), replay(), "What is copper at?"))
                .withMessageContaining("[call, result]");
        var changed = FixtureToolSet.of(ChangedManifest.withAnotherDescription());
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(changed, replay(), "What is copper at?"))
                .withMessageContaining("differs in [tools]");
        var other = FixtureToolSet.of(ChangedManifest.withAnotherPersona());
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run(other, replay(), "What is copper at?"))
                .withMessageContaining("message 1 [instruction]");
    }

    @Test
    void severalAnswersToOnePromptComeInTheirOrderAndThenAgain() {
        var model = new ScriptedModel().says("one").says("two");
        var recording = RecordedModel.recording(file, model, REDACTION);
        run(tools(""), recording, "Say.");
        run(tools(""), recording, "Say.");
        var replaying = replay();
        for (var word : List.of("one", "two", "one")) {
            assertThatRun(run(tools(""), replaying, "Say.")).answeredWith(word);
        }
    }

    @Test
    void aRefusalIsRecordedAndAFailureIsNot() throws IOException {
        var model =
                new ScriptedModel().refuses(403, "policy_blocked", java.time.Duration.ofSeconds(7));
        run(tools(""), RecordedModel.recording(file, model, REDACTION), "Say.");
        assertThatRun(run(tools(""), replay(), "Say.")).endedWith(RunEnd.ModelRefused.class);
        Files.delete(file);
        var failing = new ScriptedModel().fails(ChatReply.Failure.TIMED_OUT);
        run(tools(""), RecordedModel.recording(file, failing, REDACTION), "Say.");
        assertThat(file).doesNotExist();
    }

    @Test
    void aReplayWithAnotherRedactionIsRefused() {
        record();
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> RecordedModel.replaying(file, Redaction.standard()))
                .withMessageContaining("record again")
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.MALFORMED_RECORDING));
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(() -> RecordedModel.replaying(folder.resolve("none.json"), REDACTION))
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.UNREADABLE_FILE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "recording/v1 | recording/v2",
                "\"redacted\":true | \"redacted\":false",
                "\"redaction\" | \"redactions\"",
                "What is copper at? | What is silver at?",
                "\"key\":\"sha256:. | \"key\":\"sha256:0",
                "\"tokens\":{\"input\":100 | \"tokens\":{\"input\":-1",
                "\"calls\":[] | \"calls\":[{}]",
                "\"reply\":{ | \"reply\":{\"more\":1,",
                "\\z | x",
            })
    void aFileThatIsNotExactlyOfTheFormIsRefused(String from, String to) throws IOException {
        record();
        var text = Files.readString(file);
        var changed = text.replaceFirst(from.replace("{", "\\{").replace("[", "\\["), to);
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file, changed);
        assertThatExceptionOfType(TestkitException.class)
                .isThrownBy(this::replay)
                .satisfies(e -> assertThat(e.code()).isEqualTo(Code.MALFORMED_RECORDING));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mail desk.two+x@mail.example.org now | mail [redacted email] now",
                "Authorization: Bearer abcdefgh12345 | Authorization: [redacted bearer]",
                "key sk-proj-abcdefghijkl0123 end | key [redacted api-key] end",
                "AKIAABCDEFGHIJKLMNOP | [redacted aws-key]",
                "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSM12 | [redacted jwt]",
                "price 9912.50 at 2026-10-29 of XCU | price 9912.50 at 2026-10-29 of XCU",
                "a@b and sk-short | a@b and sk-short",
            })
    void theStandardRedactionKnowsUsualForms(String text, String redacted) {
        assertThat(Redaction.standard().of(text)).isEqualTo(redacted);
        assertThat(Redaction.standard().of(redacted)).isEqualTo(redacted);
    }

    @Test
    void aRedactionDoesNotPrintItsSecrets() {
        assertThat(REDACTION.toString()).doesNotContain(SECRET).contains("database-password");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> REDACTION.withSecret("short", "12345"))
                .withMessageNotContaining("12345");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> REDACTION.with("email", Pattern.compile("x")));
    }
}
