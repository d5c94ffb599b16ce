package dev.casemate.agent.sdk;

import dev.casemate.manifest.Json;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Consumer;

/// Posts a run's events to the proxy, which puts them into its ledger.
///
/// An event that cannot be posted does not stop the run: it stands on standard output as well, and
/// the ledger holds every prompt, and with it every call and its result, in any case. Pieces of
/// text are not posted, since the ledger has the whole; spans are [SpanPost]'s.
///
/// Events carry the trace of the run from its first span on. For one run, on its thread.
final class EventPost implements RunListener {

    static final String PATH = "/v1/casemate/events";

    private final SidePost post;
    private Optional<TraceContext> run = Optional.empty();

    /// @param onFailure told a word or a status for each event that was not taken
    EventPost(ProxyConnection proxy, Consumer<String> onFailure) {
        post = new SidePost(proxy, PATH, onFailure);
    }

    @Override
    public void on(RunEvent event) {
        switch (event) {
            case RunEvent.Started _, RunEvent.Called _, RunEvent.Ended _ ->
                    post.send(posted(event), run);
            case RunEvent.Traced(var span) -> run = run.or(() -> Optional.of(around(span)));
            case RunEvent.Said _ -> {}
        }
    }

    // The first span to end lies within the run's own.
    private static TraceContext around(Span span) {
        return span.parent()
                .map(id -> new TraceContext(span.context().traceId(), id))
                .orElse(span.context());
    }

    /// Without the answer's text: the ledger has it with the prompt that it answers.
    private static Json posted(RunEvent event) {
        var members = new LinkedHashMap<>(event.toJson().members());
        members.remove("answer");
        return new Json.Obj(members);
    }
}
