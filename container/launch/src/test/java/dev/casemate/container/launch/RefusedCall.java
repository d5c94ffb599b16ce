package dev.casemate.container.launch;

import dev.casemate.manifest.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One call of one group of the list, and what [Chores] does not do without it.
///
/// @param breaks the first chore that is not done; [#NOTHING] if all are, empty if nobody tried
record RefusedCall(String group, String call, String breaks) {

    static final String NOTHING = "nothing";

    /// Every call of the list, in its order.
    static List<RefusedCall> ofTheList() throws IOException {
        var record = record();
        return SeccompProfile.groups().stream()
                .flatMap(group -> {
                    var name = group.text("group").orElseThrow();
                    return names(group, "names").stream()
                            .map(call ->
                                    new RefusedCall(
                                            name,
                                            call,
                                            record.getOrDefault(name + "\t" + call, "")));
                })
                .toList();
    }

    /// `refused-calls.txt`: what was seen, by group and call.
    static Map<String, String> record() throws IOException {
        try (var stream = RefusedCall.class.getResourceAsStream("refused-calls.txt")) {
            if (stream == null) {
                throw new IllegalStateException("expected the record of refused calls");
            }
            var record = new HashMap<String, String>();
            new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        int end = line.lastIndexOf('\t');
                        record.put(line.substring(0, end), line.substring(end + 1));
                    });
            return record;
        }
    }

    static List<String> names(Json.Obj group, String field) {
        return group.get(field).map(json -> ((Json.Arr) json).items()).orElse(List.of()).stream()
                .map(name -> ((Json.Str) name).value())
                .toList();
    }

    boolean isNeeded() {
        return !breaks.isEmpty() && !breaks.equals(NOTHING);
    }

    /// The list without it, in the mode that its group is for.
    Json.Obj profileWithout() {
        var groups =
                SeccompProfile.groups().stream().map(this::without).flatMap(List::stream).toList();
        boolean execOnce =
                SeccompProfile.groups().stream()
                        .filter(other -> other.text("group").orElseThrow().equals(group))
                        .anyMatch(other -> other.text("when").orElse("").equals("exec-once"));
        return SeccompProfile.of(execOnce, groups);
    }

    private List<Json.Obj> without(Json.Obj other) {
        if (!other.text("group").orElseThrow().equals(group)) {
            return List.of(other);
        }
        var rest = names(other, "names").stream().filter(name -> !name.equals(call)).toList();
        return rest.isEmpty() ? List.of() : List.of(other.with("names", Json.strings(rest)));
    }

    String line() {
        return group + "\t" + call + "\t" + breaks;
    }

    @Override
    public String toString() {
        return group + ": " + call;
    }
}
