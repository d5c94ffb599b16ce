package dev.casemate.proxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.proxy.audit.Ledger;
import dev.casemate.proxy.audit.LedgerEntry;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.audit.LedgerReader;
import dev.casemate.proxy.audit.LedgerSettings;
import dev.casemate.proxy.finops.Attribution;
import dev.casemate.proxy.finops.Cost;
import dev.casemate.proxy.finops.Meter;
import dev.casemate.proxy.finops.Usage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimelineTest {

    private static final String HOSTILE =
            "</pre></td><script>alert(1)</script><img src=x onerror='x'>\"&\u001b[2J\u202e\r\n";

    @TempDir private Path temporary;

    /// A run with one good exchange, one refused tool, one blocked answer and an event, out of a
    /// ledger that holds another run, too.
    private Timeline timeline(String evidence) {
        var directory = temporary.resolve("ledger");
        var settings = LedgerSettings.of("casemate.test/console", temporary.resolve("key"));
        try (var ledger = Ledger.open(directory, settings)) {
            append(ledger, "run-9", Kind.PROMPT, "e0", "{\"model\":\"other-run\"}");
            append(
                    ledger,
                    "run-1",
                    Kind.PROMPT,
                    "e1",
                    """
                    {"route":"/v1/chat/completions","model":"gpt-4o-mini","upstream":"rehearsal",
                     "verdict":{"action":"pass","findings":[]}}
                    """);
            append(
                    ledger,
                    "run-1",
                    Kind.ANSWER,
                    "e1",
                    """
                    {"outcome":"answered","status":200,"latencyMicros":12345,"costNanoUsd":"150000",
                     "usage":{"inputTokens":900,"cachedInputTokens":100,"outputTokens":25},
                     "verdict":{"action":"pass","findings":[]},"finishReason":"tool_calls",
                     "toolCalls":["get_current_prices"]}
                    """);
            append(
                    ledger,
                    "run-1",
                    Kind.REFUSAL,
                    "e2",
                    """
                    {"code":"tool_not_in_manifest","status":403,"detail":"a tool is not declared",
                     "route":"/v1/chat/completions","tools":["run_shell"]}
                    """);
            append(
                    ledger,
                    "run-1",
                    Kind.ANSWER,
                    "e3",
                    """
                    {"outcome":"blocked","status":403,"code":"answer_blocked","costNanoUsd":"50000",
                     "usage":{"inputTokens":10,"cachedInputTokens":0,"outputTokens":5},
                     "verdict":{"action":"block","findings":[{"rule":"email","category":"pii",
                       "action":"block","source":"assistant","place":"/choices/0","evidence":%s}]}}
                    """
                            .formatted(Json.of(evidence).text()));
            append(
                    ledger,
                    "run-1",
                    Kind.RUN_EVENT,
                    "e4",
                    """
                    {"source":"agent","event":{"event":"tool_call","tool":"get_current_prices",
                     "outcome":"refused","reason":"symbol: expected [A-Z]{2,6}"}}
                    """);
        }
        return Timeline.of("run-1", LedgerReader.run(directory, "run-1"));
    }

    private static void append(Ledger ledger, String run, Kind kind, String exchange, String body) {
        ledger.append(
                        new LedgerEntry(
                                kind,
                                Instant.parse("2026-11-23T10:00:00Z"),
                                exchange,
                                Optional.of("market-analyst"),
                                Optional.of(new Correlation(run, "morning-report", "order-7")),
                                (Json.Obj) JsonReader.read(body)))
                .join();
    }

    @Test
    void theTextTellsVerdictsRefusedToolsTokensCostAndIds() {
        var text = timeline("b***@example.com").text();
        assertThat(text)
                .contains("run run-1\n", "workflow morning-report\n", "transaction order-7\n")
                .contains("prompt to gpt-4o-mini by rehearsal")
                .contains("answered, status 200, 12.345 ms  (900 in, 25 out, USD 0.000150000)")
                .contains("tools called: get_current_prices", "verdict: pass")
                .contains("code: tool_not_in_manifest", "tools refused: run_shell")
                .contains("block pii, rule email, in assistant at /choices/0: b***@example.com")
                .contains("agent: tool_call tool=get_current_prices outcome=refused")
                .contains(
                        "5 records, 3 refused or blocked, 910 tokens in (100 cached), 30 tokens out,"
                                + " USD 0.000200000")
                .doesNotContain("other-run");
    }

    @Test
    void hostileContentStaysTextOnThePage() {
        var html = timeline(HOSTILE).html();
        assertThat(html)
                .doesNotContain("<script", "<img", "\u001b", "\u202e")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "onerror=&#39;x&#39;")
                .contains("\\u{202e}");
        assertThat(html.lines().filter(line -> line.startsWith("<tr"))).hasSize(5);
    }

    @Test
    void hostileContentCannotDriveATerminal() {
        var text = timeline(HOSTILE).text();
        assertThat(text)
                .doesNotContain("\u001b", "\u202e", "\r")
                .contains("\\u{1b}[2J\\u{202e}\\u{d}\\u{a}");
    }

    @Test
    void thePageMayLoadAndRunNothing() {
        var html = timeline("x").html();
        assertThat(html)
                .contains("default-src 'none'; style-src 'sha256-")
                .contains("<tr class=\"refused\">")
                .doesNotContain("http://", "https://", "src=", "href=", "style=", "javascript:");
    }

    @Test
    void aRunWithoutRecordsIsAnEmptyTimeline() {
        assertThat(Timeline.of("run-0", List.of()).text())
                .contains("workflow not recorded", "0 records, 0 refused or blocked");
    }

    @Test
    void recordsOfAnotherFormAreShownAsFarAsTheyGo() {
        var directory = temporary.resolve("odd");
        var settings = LedgerSettings.of("casemate.test/console", temporary.resolve("odd.key"));
        try (var ledger = Ledger.open(directory, settings)) {
            var odd =
                    "{\"usage\":{\"a\":1},\"costNanoUsd\":\"-5\",\"verdict\":[],\"tools\":7,\"event\":1}";
            for (var kind : Kind.values()) {
                append(ledger, "run-1", kind, "e", odd);
            }
        }
        var timeline = Timeline.of("run-1", LedgerReader.run(directory, "run-1"));
        assertThat(timeline.text()).contains("8 records", "outcome not recorded", "USD 0");
        assertThat(timeline.text()).contains("an unknown number of spans of trace not recorded");
        assertThat(timeline.html()).contains("unknown source: event");
    }

    @Test
    void spendingListsEachAccountAndEscapesItsNames() {
        var meter = new Meter();
        var who = new Attribution("market-analyst", "commodities", "<b>\u001b", "gpt-4o-mini");
        meter.record(who, new Usage(900, 100, 25), new Cost(150_000));
        meter.record(who, new Usage(100, 0, 5), new Cost(50_000));
        var spending = Spending.of(meter.rows());
        assertThat(spending.text()).contains("commodities", "<b>\\u{1b}", "1000", "0.000200000");
        assertThat(spending.html())
                .contains("&lt;b&gt;\\u{1b}", "<td class=\"n\">0.000200000</td>")
                .doesNotContain("<b>");
    }

    @Test
    void theRecordOfAContainerIsTold(@TempDir Path directory) {
        try (var ledger =
                Ledger.open(
                        directory,
                        LedgerSettings.of(
                                "casemate.test/container", directory.resolve("container.key")))) {
            append(
                    ledger,
                    "run-2",
                    Kind.CONTAINER_STARTED,
                    "c1",
                    """
                    {"source":"launcher","launch":"000-0a1b2c3d","attempt":1,"attempts":3,"work":"task",
                     "image":"sha256:00","limits":{"pids":96},"controlsOff":["NETWORK"]}
                    """);
            append(
                    ledger,
                    "run-2",
                    Kind.CONTAINER_LOG,
                    "c2",
                    """
                    {"source":"launcher","launch":"000-0a1b2c3d","attempt":1,"dropped":7,
                     "lines":[{"stream":"stderr","text":"it is late\\u001b[31m"}],"verdict":{"action":"pass","findings":[]}}
                    """);
            append(
                    ledger,
                    "run-2",
                    Kind.CONTAINER_ENDED,
                    "c3",
                    """
                    {"source":"launcher","launch":"000-0a1b2c3d","attempt":1,"reason":"processes","limit":"pids",
                     "exitCode":1,"durationMillis":1200,"meters":{"processesRefused":4},
                     "seen":["the kernel refused it a process or thread 4 times"],"droppedLines":2,"startsAgain":true}
                    """);
        }
        var text = Timeline.of("run-2", LedgerReader.run(directory, "run-2")).text();
        assertThat(text)
                .contains("container 000-0a1b2c3d, attempt 1 of 3: starts")
                .contains("limits: pids=96", "SWITCHED OFF: NETWORK")
                .contains("attempt 1: 1 lines, 7 dropped before them", "stderr: it is late\\u{1b}")
                .contains("ended, processes (limit pids), exit code 1, after 1200 ms")
                .contains("seen: the kernel refused it a process or thread 4 times")
                .contains("meters: processesRefused=4", "lines not on record: 2")
                .contains("it is started again");
    }
}
