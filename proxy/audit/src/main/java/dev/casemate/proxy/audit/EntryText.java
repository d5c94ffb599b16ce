package dev.casemate.proxy.audit;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import dev.casemate.manifest.ManifestException;
import dev.casemate.proxy.audit.LedgerEntry.Kind;
import dev.casemate.proxy.audit.LedgerException.Code;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// The bytes of a record: an entry as one JSON object in UTF-8.
///
/// What is written can be read back: an entry that [JsonReader] would refuse is refused before.
final class EntryText {

    private static final Set<String> MEMBERS =
            Set.of("kind", "at", "exchange", "agent", "correlation", "body");

    private EntryText() {}

    /// @throws LedgerException with code `INVALID_ENTRY`
    static byte[] write(LedgerEntry entry) {
        requireText(entry.exchange());
        entry.agent().ifPresent(EntryText::requireText);
        requireReadable(entry.body(), 1);
        var json =
                Json.object()
                        .put("kind", entry.kind().name().toLowerCase(Locale.ROOT))
                        .put("at", entry.at().toString())
                        .put("exchange", entry.exchange());
        entry.agent().ifPresent(agent -> json.put("agent", agent));
        entry.correlation().ifPresent(ids -> json.put("correlation", toJson(ids)));
        return json.put("body", entry.body()).build().text().getBytes(StandardCharsets.UTF_8);
    }

    private static Json toJson(Correlation ids) {
        return Json.object()
                .put("run", ids.run())
                .put("workflow", ids.workflow())
                .put("transaction", ids.transaction())
                .build();
    }

    /// @throws IllegalArgumentException or ManifestException for bytes that [#write] does not write
    static LedgerEntry read(byte[] record) {
        if (!(JsonReader.read(record) instanceof Json.Obj entry)
                || !MEMBERS.containsAll(entry.members().keySet())
                || !(entry.get("body").orElse(null) instanceof Json.Obj body)) {
            throw new IllegalArgumentException("expected the members of an entry");
        }
        try {
            return new LedgerEntry(
                    Kind.valueOf(required(entry, "kind").toUpperCase(Locale.ROOT)),
                    Instant.parse(required(entry, "at")),
                    required(entry, "exchange"),
                    entry.get("agent").map(_ -> required(entry, "agent")),
                    entry.get("correlation").map(EntryText::correlation),
                    body);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("expected an instant", e);
        }
    }

    private static Correlation correlation(Json json) {
        if (json instanceof Json.Obj ids && ids.members().size() == 3) {
            return new Correlation(
                    required(ids, "run"), required(ids, "workflow"), required(ids, "transaction"));
        }
        throw new IllegalArgumentException("expected run, workflow and transaction");
    }

    private static String required(Json.Obj object, String name) {
        return object.text(name)
                .orElseThrow(() -> new IllegalArgumentException("expected the text " + name));
    }

    private static void requireReadable(Json json, int depth) {
        require(depth <= JsonReader.MAX_DEPTH, "fewer levels of nesting");
        switch (json) {
            case Json.Obj object ->
                    object.members()
                            .forEach((name, value) -> {
                                requireText(name);
                                requireReadable(value, depth + 1);
                            });
            case Json.Arr array -> array.items().forEach(item -> requireReadable(item, depth + 1));
            case Json.Str(var text) -> requireText(text);
            case Json.Num number -> requireNumber(number);
            case Json.Bool _, Json.Null _ -> {}
        }
    }

    private static void requireText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair =
                        i + 1 < text.length()
                                && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
                require(pair, "surrogates in pairs");
                i++;
            }
        }
    }

    private static void requireNumber(Json.Num number) {
        long magnitude = (long) number.value().precision() - number.value().scale();
        require(
                Math.abs(magnitude) <= JsonReader.MAX_EXPONENT
                        && number.value().precision() <= JsonReader.MAX_NUMBER_CHARS
                        && number.text().length() <= JsonReader.MAX_NUMBER_CHARS,
                "numbers in the range of a double");
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new LedgerException(Code.INVALID_ENTRY, "the entry: expected " + expected);
        }
    }

    /// The entry of a record in the log.
    ///
    /// @throws LedgerException with code `CORRUPT`
    static Stored stored(Segment segment, SegmentReader.Step.Frame frame) {
        try {
            return new Stored(
                    new Position(frame.index()),
                    read(frame.bytes()),
                    MerkleTree.digest(MerkleTree.leaf(frame.bytes())));
        } catch (IllegalArgumentException | ManifestException e) {
            throw new LedgerException(
                    Code.CORRUPT,
                    "%s, record %d: no entry"
                            .formatted(segment.place(frame.offset()), frame.index()),
                    e);
        }
    }

    /// Whether a record can name this id, which no JSON text escapes: cheap, never a false no.
    static boolean mayName(byte[] record, byte[] id) {
        for (int at = 0; at <= record.length - id.length; at++) {
            if (Arrays.equals(record, at, at + id.length, id, 0, id.length)) {
                return true;
            }
        }
        return false;
    }
}
