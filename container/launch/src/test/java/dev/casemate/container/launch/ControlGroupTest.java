package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlGroupTest {

    @TempDir private Path root;

    @Test
    void theSingleHierarchyOfVersionTwoIsRead() throws IOException {
        write("pod/memory.peak", "4096\n");
        write("pod/memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 2\noom_group_kill 0\n");
        write("pod/pids.peak", "12\n");
        write("pod/pids.events", "max 3\n");
        write(
                "pod/cpu.stat",
                "usage_usec 900\nuser_usec 800\nnr_periods 10\nnr_throttled 4\nthrottled_usec 5\n");
        write("pod/io.stat", "8:0 rbytes=100 wbytes=20 rios=1\n8:16 rbytes=11 wbytes=2 rios=1\n");
        var meters =
                ControlGroup.of(
                                "0::/pod\n",
                                "30 24 0:26 / %s rw - cgroup2 cgroup rw\n".formatted(root))
                        .read();
        assertThat(meters.toJson().text())
                .isEqualTo(
                        "{\"memoryPeakBytes\":4096,\"memoryLimitHits\":7,\"memoryKills\":2,"
                                + "\"processesPeak\":12,\"processesRefused\":3,"
                                + "\"processorMicros\":900,\"processorPeriods\":10,"
                                + "\"processorPeriodsThrottled\":4,\"readBytes\":111,"
                                + "\"writtenBytes\":22}");
    }

    @Test
    void theHierarchiesOfVersionOneAreReadBesideAnEmptyOneOfVersionTwo() throws IOException {
        write("memory/a/memory.max_usage_in_bytes", "4096\n");
        write("memory/a/memory.failcnt", "5\n");
        write("memory/a/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        write("pids/a/pids.events", "max 2\n");
        write("cpu/a/cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_time 5000\n");
        write("cpu/a/cpuacct.usage", "7000\n");
        write(
                "blkio/a/blkio.throttle.io_service_bytes",
                "8:0 Read 10\n8:0 Write 3\n8:0 Total 13\n8:16 Read 5\nTotal 18\n");
        write("unified/a/cgroup.procs", "1\n");
        var mounts =
                """
                32 31 0:29 / %1$s/cpu rw - cgroup cgroup rw,cpu,cpuacct
                35 31 0:32 / %1$s/memory rw - cgroup cgroup rw,memory
                38 31 0:35 / %1$s/blkio rw - cgroup cgroup rw,blkio
                39 31 0:36 / %1$s/pids rw - cgroup cgroup rw,pids
                41 31 0:38 / %1$s/unified rw - cgroup2 cgroup2 rw
                """
                        .formatted(root);
        var groups = "4:pids:/a\n3:blkio:/a\n2:memory:/a\n1:cpu,cpuacct:/a\n0::/a\n";
        assertThat(ControlGroup.of(groups, mounts).read().toJson().text())
                .isEqualTo(
                        "{\"memoryPeakBytes\":4096,\"memoryLimitHits\":5,\"memoryKills\":1,"
                                + "\"processesRefused\":2,\"processorMicros\":7,"
                                + "\"processorPeriods\":10,\"processorPeriodsThrottled\":4,"
                                + "\"readBytes\":15,\"writtenBytes\":3}");
    }

    @Test
    void whereAPartOfAHierarchyIsMountedPathsBeginAtThatPart() throws IOException {
        write("inner/pids.events", "max 9\n");
        var meters =
                ControlGroup.of(
                                "3:pids:/outer/inner\n",
                                "39 31 0:36 /outer %s rw - cgroup cgroup rw,pids\n".formatted(root))
                        .read();
        assertThat(meters.seen(Meter.PROCESSES_REFUSED)).isEqualTo(9);
    }

    @Test
    void whatIsNotThereOrNotANumberIsAbsent() throws IOException {
        write("pod/memory.peak", "max\n");
        var group =
                ControlGroup.of("0::/pod\n", "30 24 0:26 / %s rw - cgroup2 c rw\n".formatted(root));
        assertThat(group.read()).isEqualTo(Meters.NONE);
        assertThat(ControlGroup.of("not a line", "nor this").read()).isEqualTo(Meters.NONE);
    }

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
