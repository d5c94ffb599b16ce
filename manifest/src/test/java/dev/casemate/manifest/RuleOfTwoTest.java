package dev.casemate.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.casemate.manifest.Destination.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleOfTwoTest {

    private static final String SYMBOL = "{\"type\":\"string\",\"maxLength\":6}";

    private static final ToolSpec NEWS =
            tool("read_news", Effect.READ, "news", SYMBOL, Exposure.UNTRUSTED_CONTENT);
    private static final ToolSpec CLIENTS =
            tool("read_clients", Effect.READ, "clients", SYMBOL, Exposure.SENSITIVE_DATA);
    private static final ToolSpec MAIL = tool("send_mail", Effect.WRITE, "clients", SYMBOL);

    private static ToolSpec tool(
            String name,
            Effect effect,
            String destination,
            String argument,
            Exposure... exposures) {
        return new ToolSpec(
                name,
                "A tool",
                effect,
                List.of(destination),
                new ToolSpec.Handling(
                        Set.of(exposures), Duration.ofSeconds(5), Optional.empty(), List.of()),
                (Json.Obj)
                        JsonReader.read(
                                "{\"type\":\"object\",\"properties\":{\"a\":"
                                        + argument
                                        + "},\"additionalProperties\":false}"));
    }

    private static AgentManifest manifest(Optional<Approval> approval, ToolSpec... tools) {
        var sample = Samples.manifest();
        var used = List.of(tools).stream().flatMap(tool -> tool.destinations().stream()).toList();
        return new AgentManifest(
                sample.name(),
                sample.version(),
                sample.owner(),
                sample.purpose(),
                sample.prompt(),
                sample.models(),
                List.of(tools),
                List.of(
                                new Destination("news", Protocol.HTTPS),
                                new Destination("clients", Protocol.POSTGRESQL))
                        .stream()
                        .filter(destination -> used.contains(destination.name()))
                        .toList(),
                sample.limits(),
                sample.capabilities(),
                approval);
    }

    @Test
    void any_two_of_the_three_need_nobody() {
        assertThat(manifest(Optional.empty(), NEWS, CLIENTS).tools()).hasSize(2);
        assertThat(manifest(Optional.empty(), CLIENTS, MAIL).tools()).hasSize(2);
        assertThat(manifest(Optional.empty(), NEWS, MAIL).tools()).hasSize(2);
    }

    @Test
    void all_three_are_refused_and_their_tools_named() {
        assertThatThrownBy(() -> manifest(Optional.empty(), NEWS, CLIENTS, MAIL))
                .hasMessageContaining("read_news")
                .hasMessageContaining("read_clients")
                .hasMessageContaining("send_mail")
                .asInstanceOf(type(ManifestException.class))
                .extracting(ManifestException::code)
                .isEqualTo(ManifestException.Code.RULE_OF_TWO);
    }

    @Test
    void all_three_stand_with_an_approval_that_is_part_of_the_digest() {
        var approval = new Approval("The mails are read first.", "A. Reviewer");
        var approved = manifest(Optional.of(approval), NEWS, CLIENTS, MAIL);
        var read = AgentManifest.read(CanonicalJson.bytes(approved.toJson()));
        assertThat(read).isEqualTo(approved);
        var other =
                manifest(Optional.of(new Approval("Because.", "A. Reviewer")), NEWS, CLIENTS, MAIL);
        assertThat(other.digest()).isNotEqualTo(approved.digest());
    }

    @Test
    void an_approval_says_why_and_who() {
        assertThatThrownBy(() -> new Approval(" ", "A. Reviewer"))
                .isInstanceOf(ManifestException.class);
        assertThatThrownBy(() -> new Approval("Because.", ""))
                .isInstanceOf(ManifestException.class);
    }

    /// Another agent's data leaves in a question as well as in a message.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":"string","maxLength":64}                                             | false
                    {"type":"string","maxLength":65}                                             | true
                    {"type":"string"}                                                            | true
                    {"type":["string","null"],"maxLength":65}                                    | true
                    {"type":"string","enum":["a","b"]}                                           | false
                    {"type":"integer"}                                                           | false
                    {"type":"array","items":{"type":"string","maxLength":10},"maxItems":6}       | false
                    {"type":"array","items":{"type":"string","maxLength":10},"maxItems":7}       | true
                    {"type":"array","items":{"type":"string","maxLength":10}}                    | true
                    {"type":"object","properties":{"b":{"type":"string","maxLength":99}}}        | true
                    {"anyOf":[{"type":"integer"},{"type":"object","properties":{"b":{"type":"string"}}}]} | true
                    {"anyOf":[{"type":"integer"},{"const":"b"}]}                                 | false
                    true                                                                         | true
                    """)
    void a_question_with_room_for_data_sends(String argument, boolean sends) {
        var question = tool("ask", Effect.READ, "news", argument, Exposure.UNTRUSTED_CONTENT);
        if (sends) {
            assertThatThrownBy(() -> manifest(Optional.empty(), question, CLIENTS))
                    .hasMessageContaining("sends (ask)");
        } else {
            assertThat(manifest(Optional.empty(), question, CLIENTS).tools()).hasSize(2);
        }
    }

    @Test
    void a_question_to_a_database_does_not_leave_the_house() {
        var query =
                tool(
                        "query",
                        Effect.READ,
                        "clients",
                        "{\"type\":\"string\"}",
                        Exposure.SENSITIVE_DATA);
        assertThat(manifest(Optional.empty(), NEWS, query).tools()).hasSize(2);
    }
}
