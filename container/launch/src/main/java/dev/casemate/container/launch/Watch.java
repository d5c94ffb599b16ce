package dev.casemate.container.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Reads a container's meters while it runs, and once more when its process has ended.
///
/// A control group is taken away some 30 ms after its last process, and its counters with it. So
/// the process is looked for often, which costs next to nothing, and all meters are read as soon as
/// it is gone; in between now and then, for the case that even so it was too late.
final class Watch implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(10);

    /// All meters are read at every so many looks.
    private static final int LOOKS_PER_READING = 20;

    private static final Path PROCESSES = Path.of("/proc");

    private final Supplier<OptionalLong> number;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread;
    private Optional<Path> process = Optional.empty();
    private Optional<ControlGroup> group = Optional.empty();
    private Optional<TemporaryFiles> temporary = Optional.empty();
    private final DiskUse disk = new DiskUse();
    private Meters meters = Meters.NONE;
    private Meters marked = Meters.NONE;

    private Watch(Supplier<OptionalLong> number) {
        this.number = number;
        thread = Thread.ofPlatform().daemon().name("meters of the container").unstarted(this::look);
    }

    /// @param number that of the container's process, once there is one
    static Watch start(Supplier<OptionalLong> number) {
        var watch = new Watch(number);
        watch.thread.start();
        return watch;
    }

    private void look() {
        try {
            for (int looks = 0; !over.await(LOOK.toMillis(), TimeUnit.MILLISECONDS); looks++) {
                if (group.isEmpty()) {
                    find();
                } else if (process.filter(Files::exists).isEmpty()) {
                    read();
                    return;
                } else if (looks % LOOKS_PER_READING == 0) {
                    read();
                }
            }
            read();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void find() {
        try {
            var told = number.get();
            if (told.isEmpty()) {
                return;
            }
            var found = PROCESSES.resolve(Long.toString(told.getAsLong()));
            group =
                    Optional.of(
                            ControlGroup.of(
                                    Files.readString(found.resolve("cgroup")),
                                    Files.readString(PROCESSES.resolve("self/mountinfo"))));
            process = Optional.of(found);
            // A short life may be over before the next look.
            read();
            temporary = TemporaryFiles.of(told.getAsLong());
        } catch (IOException | LaunchException notYet) {
            // The next look may find it.
            return;
        }
    }

    /// What can be read replaces what was; what cannot leaves it.
    private synchronized void read() {
        var values = new EnumMap<Meter, Long>(Meter.class);
        values.putAll(meters.values());
        group.ifPresent(found -> values.putAll(found.read().values()));
        temporary.ifPresent(found -> values.putAll(found.read().values()));
        group.ifPresent(found -> disk.look(found.disks(), System.nanoTime()));
        if (disk.isBounded()) {
            values.put(Meter.DISK_USED_UP_MILLIS, disk.usedUp().toMillis());
        }
        meters = new Meters(values);
    }

    /// A run begins: [#sinceMark] counts from here.
    synchronized void mark() {
        read();
        marked = meters;
    }

    synchronized Meters total() {
        return meters;
    }

    /// What was counted since the run in hand began.
    synchronized Meters sinceMark() {
        return meters.since(marked);
    }

    /// Reads for the last time.
    void stop() {
        over.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets go of what it looked at.
    @Override
    public void close() {
        stop();
        synchronized (this) {
            temporary.ifPresent(TemporaryFiles::close);
            temporary = Optional.empty();
        }
    }
}
