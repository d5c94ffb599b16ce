package dev.casemate.proxy.gateway;

import dev.casemate.manifest.Json;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.policy.Action;
import dev.casemate.proxy.policy.Category;
import dev.casemate.proxy.policy.Passage;
import dev.casemate.proxy.policy.Policy;
import dev.casemate.proxy.policy.Source;
import dev.casemate.proxy.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads what a launcher tells of a container: its start, its lines, its end. As strict as with an
/// agent: what it does not know it refuses.
///
/// The lines are an agent's words, and the ledger keeps them for years. One in which the policy
/// sees a secret, data about a person, or anything that it blocks, is withheld; its place says
/// which rule did it.
final class ContainerReader {

    static final int MAX_LINES = 64;
    static final int MAX_LINE_CHARS = 1_000;
    static final int MAX_SENTENCES = 16;
    static final int MAX_SENTENCE_CHARS = 200;

    private static final Set<String> STREAMS = Set.of("stdout", "stderr", "launcher");
    private static final Set<String> WORK = Set.of("task", "lines", "queue", "program");

    private final WireObject root;
    private final Json.Builder body = Json.object().put("source", "launcher");
    private Verdict verdict = Verdict.pass();

    /// @param body what goes on record
    /// @param verdict what the policy found in the lines
    record Told(Kind kind, Json.Obj body, Verdict verdict) {}

    private ContainerReader(WireObject root) {
        this.root = root;
    }

    /// @throws GatewayException `MALFORMED_JSON`, `INVALID_REQUEST`, or `MANIFEST_NOT_ADMITTED` if
    ///   what starts is another agent than the one whose launcher this is
    static Told read(byte[] bytes, AgentRegistry.Identity caller, Policy policy) {
        try {
            var reader = new ContainerReader(WireObject.of(WireJson.read(bytes), ""));
            return reader.told(caller, policy);
        } catch (WireJson.MalformedException e) {
            throw new GatewayException(ErrorCode.MALFORMED_JSON, String.valueOf(e.getMessage()));
        }
    }

    private Told told(AgentRegistry.Identity caller, Policy policy) {
        var event = root.word("event");
        body.put("launch", root.word("launch"));
        count(root, "attempt", body);
        var kind =
                switch (event) {
                    case "container_started" -> {
                        started(caller);
                        yield Kind.CONTAINER_STARTED;
                    }
                    case "container_log" -> {
                        log(policy);
                        yield Kind.CONTAINER_LOG;
                    }
                    case "container_ended" -> {
                        ended();
                        yield Kind.CONTAINER_ENDED;
                    }
                    default ->
                            throw root.refuse(
                                    "event", "container_started, container_log or container_ended");
                };
        root.end();
        return new Told(kind, body.build(), verdict);
    }

    private void started(AgentRegistry.Identity caller) {
        body.put("image", root.word("image"));
        var manifest = root.word("manifest");
        if (!manifest.equals(caller.digest().value())) {
            throw new GatewayException(
                    ErrorCode.MANIFEST_NOT_ADMITTED,
                    "expected the manifest that was admitted as " + caller.digest());
        }
        body.put("manifest", manifest);
        count(root, "attempts", body);
        var work = root.word("work");
        if (!WORK.contains(work)) {
            throw root.refuse("work", "task, lines, queue or program");
        }
        body.put("work", work);
        counts("limits");
        var controls = Json.strings(words("controlsOff"));
        body.put("controlsOff", controls);
    }

    private void ended() {
        body.put("reason", root.word("reason"));
        root.findWord("limit").ifPresent(limit -> body.put("limit", limit));
        count(root, "exitCode", body);
        count(root, "durationMillis", body);
        counts("meters");
        var sentences = new ArrayList<Json>();
        for (var item : list("seen", MAX_SENTENCES)) {
            sentences.add(Json.of(text(item, "seen", MAX_SENTENCE_CHARS)));
        }
        body.put("seen", Json.array(sentences));
        count(root, "droppedLines", body);
        var again = root.findFlag("startsAgain");
        body.put(
                "startsAgain",
                again.orElseThrow(() -> root.refuse("startsAgain", "true or false")));
    }

    /// Names and counts: what the launcher measured, and the limits that held.
    private void counts(String name) {
        var object = WireObject.of(root.take(name), root.place(name));
        var counted = Json.object();
        if (root.take(name) instanceof Json.Obj(var members)) {
            members.keySet().stream()
                    .filter(WireObject::isWord)
                    .forEach(member -> count(object, member, counted));
        }
        object.end();
        body.put(name, counted.build());
    }

    private static void count(WireObject object, String name, Json.Builder into) {
        var value =
                object.findNumber(name)
                        .filter(number -> number.scale() <= 0 && number.signum() >= 0)
                        .filter(number -> number.precision() - number.scale() <= 18)
                        .orElseThrow(() -> object.refuse(name, "a whole number from 0"));
        into.put(name, value.longValueExact());
    }

    private List<String> words(String name) {
        var words = new ArrayList<String>();
        for (var item : list(name, MAX_SENTENCES)) {
            var word = text(item, name, MAX_SENTENCE_CHARS);
            if (!WireObject.isWord(word)) {
                throw root.refuse(name, "words");
            }
            words.add(word);
        }
        return words;
    }

    private List<Json> list(String name, int most) {
        return root.findList(name, most).orElseThrow(() -> root.refuse(name, "an array"));
    }

    private String text(Json item, String name, int mostChars) {
        if (item instanceof Json.Str(var text) && text.length() <= mostChars) {
            return text;
        }
        throw root.refuse(name, "texts of at most " + mostChars + " characters");
    }

    private void log(Policy policy) {
        var streams = new ArrayList<String>();
        var texts = new ArrayList<String>();
        var items = list("lines", MAX_LINES);
        for (int i = 0; i < items.size(); i++) {
            var line = WireObject.of(items.get(i), root.place("lines") + "/" + i);
            var stream = line.word("stream");
            if (!STREAMS.contains(stream)) {
                throw line.refuse("stream", "stdout, stderr or launcher");
            }
            streams.add(stream);
            texts.add(text(line.take("text"), "lines", MAX_LINE_CHARS));
            line.end();
        }
        var shown = withheld(texts, policy);
        var lines = new ArrayList<Json>();
        for (int i = 0; i < shown.size(); i++) {
            lines.add(
                    Json.object().put("stream", streams.get(i)).put("text", shown.get(i)).build());
        }
        body.put("lines", Json.array(lines));
        count(root, "dropped", body);
        body.put("verdict", verdict.toJson());
    }

    private List<String> withheld(List<String> texts, Policy policy) {
        var shown = new ArrayList<String>();
        for (int i = 0; i < texts.size(); i++) {
            var ruling = policy.answer(passage("/lines/" + i, texts.get(i)));
            var rule = withholding(ruling);
            verdict = verdict.plus(ruling);
            shown.add(rule.isEmpty() ? texts.get(i) : "[withheld: " + rule + "]");
        }
        // What one line alone does not show, several together may: then none of them is kept.
        var whole = policy.answer(passage("/lines", String.join("\n", shown)));
        var rule = withholding(whole);
        if (!rule.isEmpty()) {
            verdict = verdict.plus(whole);
            shown.replaceAll(_ -> "[withheld: " + rule + "]");
        }
        return shown;
    }

    private static List<Passage> passage(String place, String text) {
        return text.isEmpty() ? List.of() : List.of(new Passage(Source.ASSISTANT, place, text));
    }

    /// The first rule for which a text is not kept; empty if there is none.
    private static String withholding(Verdict verdict) {
        return verdict.findings().stream()
                .filter(finding ->
                        finding.action() == Action.BLOCK
                                || finding.category() == Category.SECRET
                                || finding.category() == Category.PII)
                .map(finding -> finding.rule())
                .findFirst()
                .orElse("");
    }
}
