package dev.casemate.container.launch;

import dev.casemate.manifest.Correlation;
import dev.casemate.manifest.Json;
import dev.casemate.manifest.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What the ledger hears of one container: its start, before there is one; its lines; its end with
/// the reason. Without a post to the proxy it keeps nothing.
final class ContainerRecord {

    /// How often the end is told before it is given up.
    private static final int TRIES = 4;

    private static final Duration BETWEEN = Duration.ofMillis(500);

    /// How long the last lines may take.
    private static final Duration LAST_LINES = Duration.ofSeconds(10);

    private final Optional<LedgerPost> post;
    private final Hearing hearing;
    private final Redaction redaction;
    private final Pause pause;
    private final Consumer<String> warnings;
    private final ContainerLog log = new ContainerLog(System::nanoTime);
    private final LaunchRequest request;
    private final LaunchId launch;
    private final int attempt;
    private Optional<Thread> sender = Optional.empty();
    private boolean warned;

    ContainerRecord(
            LaunchRequest request,
            Optional<LedgerPost> post,
            LaunchId launch,
            int attempt,
            Hearing hearing,
            Consumer<String> warnings) {
        this.request = request;
        this.post = post;
        this.launch = launch;
        this.attempt = attempt;
        this.hearing = hearing;
        this.warnings = warnings;
        this.pause = Pause.SLEEP;
        redaction =
                post.isEmpty()
                        ? Redaction.of(List.of())
                        : Redaction.of(
                                Stream.concat(
                                                Stream.of(request.proxy()),
                                                request.destinations().stream())
                                        .flatMap(binding -> binding.secret().stream())
                                        .toList());
    }

    /// @param image what will be started
    /// @param attempts how many there can be, this one included
    /// @throws LaunchException `NOT_RECORDED`: then nothing may start
    void started(String image, int attempts) {
        if (post.isEmpty()) {
            return;
        }
        var controlsOff = request.without().stream().sorted().map(Control::name).toList();
        post.get()
                .send(
                        request.correlation(),
                        head("container_started")
                                .put("image", image)
                                .put("manifest", request.manifest().digest().value())
                                .put("attempts", attempts)
                                .put("work", word(request.work()))
                                .put("limits", limits(request.manifest().limits()))
                                .put("controlsOff", Json.strings(controlsOff))
                                .build());
        sender = Optional.of(Thread.ofVirtual().name("lines to the ledger").start(this::send));
    }

    private Json.Builder head(String event) {
        return Json.object()
                .put("event", event)
                .put("launch", launch.text())
                .put("attempt", attempt);
    }

    private static String word(Work work) {
        return switch (work) {
            case Work.Once _ -> "task";
            case Work.Lines _ -> "lines";
            case Work.Queue _ -> "queue";
            case Work.Program _ -> "program";
        };
    }

    private static Json.Obj limits(Limits limits) {
        return Json.object()
                .put("memoryBytes", limits.memoryBytes())
                .put("pids", limits.pids())
                .put("tmpBytes", limits.tmpBytes())
                .put("cpuMillis", limits.cpuMillis())
                .put("ioBytesPerSecond", limits.ioBytesPerSecond())
                .put("deadlineSeconds", limits.deadline().toSeconds())
                .build();
    }

    /// A line of standard output: the agent's events it tells the proxy itself.
    void output(String line) {
        if (!Hearing.isEvent(line)) {
            line("stdout", line);
        }
    }

    void error(String line) {
        line("stderr", line);
    }

    private void line(String stream, String line) {
        if (sender.isPresent()) {
            log.add(hearing.current(), stream, redaction.of(line));
        }
    }

    private void send() {
        try {
            for (var batch = log.take(); !batch.isEmpty(); batch = log.take()) {
                send(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(List<ContainerLog.Line> batch) {
        long dropped = log.takeDropped();
        var lines =
                batch.stream()
                        .map(line ->
                                Json.object()
                                        .put("stream", line.stream())
                                        .put("text", line.text())
                                        .build())
                        .toList();
        try {
            post.orElseThrow()
                    .send(
                            batch.getFirst().run(),
                            head("container_log")
                                    .put("lines", Json.array(lines))
                                    .put("dropped", dropped)
                                    .build());
        } catch (LaunchException e) {
            // The run goes on: its end will say how many lines are missing.
            log.lost(batch.size() + (int) Math.min(dropped, 1 << 20));
            if (!warned) {
                warned = true;
                warnings.accept("casemate: WARNING: lines are not on record: " + e.getMessage());
            }
        }
    }

    /// @param startsAgain whether there will be another attempt
    /// @return whether the proxy has it; true where nobody asked for a record
    boolean ended(Exit exit, boolean startsAgain) {
        if (sender.isEmpty()) {
            return true;
        }
        log.close();
        try {
            sender.get().join(LAST_LINES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var entry = head("container_ended").put("reason", exit.reason().word());
        exit.reason().limit().ifPresent(limit -> entry.put("limit", limit));
        var told =
                entry.put("exitCode", exit.code())
                        .put("durationMillis", exit.duration().toMillis())
                        .put("meters", exit.meters().toJson())
                        .put("seen", Json.strings(exit.seen()))
                        .put("droppedLines", log.takeDropped())
                        .put("startsAgain", startsAgain)
                        .build();
        // The run that a worker had in hand ended with it, and is to be found under its own name.
        boolean taken = tell(request.correlation(), told);
        return hearing.runInHand().map(run -> tell(run, told)).orElse(true) && taken;
    }

    private boolean tell(Correlation run, Json.Obj entry) {
        for (int left = TRIES - 1; ; left--) {
            try {
                post.orElseThrow().send(run, entry);
                return true;
            } catch (LaunchException e) {
                if (left == 0 || !waited()) {
                    warnings.accept(
                            "casemate: WARNING: the end of this container IS NOT ON RECORD: "
                                    + e.getMessage());
                    return false;
                }
            }
        }
    }

    private boolean waited() {
        try {
            pause.of(BETWEEN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
