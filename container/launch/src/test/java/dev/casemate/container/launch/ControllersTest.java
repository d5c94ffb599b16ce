package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControllersTest {

    private static final String SEPARATE =
            """
            31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
            32 25 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            33 25 0:29 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
            """;
    private static final String UNIFIED =
            "31 25 0:27 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n";

    @Test
    void separate_hierarchies_and_a_unified_one_are_both_read() {
        assertThat(Controllers.missing(SEPARATE, _ -> "")).isEmpty();
        assertThat(Controllers.missing(UNIFIED, _ -> "cpuset cpu io memory pids\n")).isEmpty();
    }

    @Test
    void what_is_mounted_nowhere_is_named() {
        assertThat(Controllers.missing("", _ -> "")).containsExactly("cpu", "memory", "pids");
        assertThat(Controllers.missing(UNIFIED, _ -> "cpu pids")).containsExactly("memory");
        assertThat(Controllers.missing(SEPARATE.replace("rw,pids", "rw"), _ -> ""))
                .containsExactly("pids");
    }

    @Test
    void a_mount_that_only_looks_like_one_does_not_count() {
        var other = "33 25 0:29 / /sys/fs/cgroup/memory rw - tmpfs memory rw,memory,cpu,pids\n";
        assertThat(Controllers.missing(other, _ -> "cpu memory pids"))
                .containsExactly("cpu", "memory", "pids");
    }
}
