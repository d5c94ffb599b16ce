package dev.casemate.container.launch;

import dev.casemate.container.launch.Attribution.Seen;
import dev.casemate.container.launch.Exit.Reason;
import dev.casemate.container.launch.LaunchException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One container from its start to its end.
final class Container {

    /// How long after its deadline an agent is killed: it ends its runs at the deadline itself, and
    /// says so.
    static final Duration GRACE = Duration.ofSeconds(10);

    /// How long a killed container may take to be gone.
    private static final Duration DEATH = Duration.ofSeconds(20);

    /// How long output may still come after the end.
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /// How often a run's time is looked at.
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final int CHUNK_BYTES = 16 << 10;

    // The engine's own exit codes, from 125: it failed, or the program could not be run.
    static final int ENGINE_CODES = 125;

    private final Commands commands;
    private final Engine engine;
    private final LaunchFiles files;
    private final LaunchId id;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicBoolean killed = new AtomicBoolean();

    Container(Commands commands, Engine engine, LaunchFiles files) {
        this.commands = commands;
        this.engine = engine;
        this.files = files;
        id = files.id();
    }

    /// Runs it until it ends or the time of a run is up.
    ///
    /// @param command the whole command line
    /// @param deadline of one run
    Exit run(
            List<String> command,
            Work work,
            Duration deadline,
            Hearing hearing,
            Consumer<String> output,
            Consumer<String> errors) {
        long started = System.nanoTime();
        var process = start(command);
        try (var watch = Watch.start(() -> engine.process(commands, files))) {
            if (killed.get()) {
                kill();
            } else if (told.get()) {
                tell();
            }
            feed(process, work);
            var limit = deadline.plus(GRACE);
            var clock = new RunClock(limit, System::nanoTime);
            var window = work.goesOn() ? Optional.of(limit) : Optional.<Duration>empty();
            var heard = hearing.before(work.goesOn() ? heard(clock, watch, output) : output);
            if (!work.goesOn()) {
                clock.begin();
            }
            var lines =
                    List.of(
                            LinePump.start(process.getInputStream(), window, heard),
                            LinePump.start(process.getErrorStream(), window, errors));
            boolean late = !waitFor(process, clock);
            var lasted = clock.lasted();
            watch.stop();
            for (var line : lines) {
                line.join(DRAIN);
            }
            var duration = Duration.ofNanos(System.nanoTime() - started);
            return end(process, late, watch, lasted, hearing.toldEnd(), duration);
        } catch (IOException e) {
            throw new LaunchException(
                    Code.COMMAND_FAILED,
                    "expected %s to take no input".formatted(engine.program()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(Code.COMMAND_FAILED, "expected not to be interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Consumer<String> heard(RunClock clock, Watch watch, Consumer<String> output) {
        return line -> {
            clock.heard(line);
            if (RunClock.tellsStart(line)) {
                watch.mark();
            }
            output.accept(line);
        };
    }

    /// @return false if it was killed because a run was overdue
    private boolean waitFor(Process process, RunClock clock) throws InterruptedException {
        while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (clock.overdue()) {
                boolean late = !killed.get();
                kill();
                process.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
                return !late;
            }
        }
        return true;
    }

    /// Standard input: the work's lines and their end, or the end at once.
    private static void feed(Process process, Work work) throws IOException {
        if (work instanceof Work.Lines(var input)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("tasks of the agent")
                    .start(() -> copy(input, process.getOutputStream()));
        } else {
            process.getOutputStream().close();
        }
    }

    private static void copy(InputStream input, OutputStream agent) {
        try (agent) {
            var chunk = new byte[CHUNK_BYTES];
            for (int read = input.read(chunk); read >= 0; read = input.read(chunk)) {
                agent.write(chunk, 0, read);
                agent.flush();
            }
        } catch (IOException endOfEither) {
            // The lines cannot be read any further, or the agent is gone: for it, they end here.
        }
    }

    /// In the launch's directory: podman's monitor leaves a file where memory ran out.
    private Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).directory(files.directory().toFile()).start();
        } catch (IOException e) {
            throw new LaunchException(
                    Code.COMMAND_FAILED, "expected %s to start".formatted(engine.program()), e);
        }
    }

    /// Asks it to end: it finishes or hands back what it has in hand. No more than asking: whoever
    /// asks looks after the time.
    void tell() {
        told.set(true);
        commands.run(engine.command("kill", "--signal", "TERM", id.container()), "", DEATH);
    }

    /// Ends it at once; what it was doing is not asked.
    void kill() {
        killed.set(true);
        commands.run(engine.command("kill", "--signal", "KILL", id.container()), "", DEATH);
    }

    private Exit end(
            Process process,
            boolean late,
            Watch watch,
            Duration lasted,
            Optional<String> toldEnd,
            Duration duration) {
        var state =
                commands.run(
                        engine.command(
                                "inspect",
                                "--type=container",
                                "--format",
                                "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}",
                                id.container()),
                        "",
                        HostMachine.QUICK);
        var words = List.of(state.output().strip().split(" "));
        boolean known =
                state.succeeded() && words.size() == 3 && !words.getFirst().equals("created");
        if (!known && !late) {
            int code = process.isAlive() ? ENGINE_CODES : process.exitValue();
            return new Exit(code, Reason.NOT_STARTED, duration);
        }
        return Attribution.of(
                new Seen(
                        known ? Integer.parseInt(words.get(1)) : ENGINE_CODES,
                        known && words.get(2).equals("true"),
                        late,
                        told.get() || killed.get(),
                        watch.total(),
                        watch.sinceMark(),
                        lasted,
                        toldEnd),
                duration);
    }
}
