package dev.casemate.container.launch.trial;

import java.util.List;

/// Ways to files that are not the agent's, to rights that it does not have, and to more than its
/// share, by system calls.
final class FileCalls {

    private static final long WRITE = 1;
    private static final long CLOSE = 3;
    private static final long MMAP = 9;
    private static final long UNLINK = 87;
    private static final long OPENAT = 257;
    private static final long HERE = -100;

    private static final long CREATE_NEW = 0xc1;
    private static final long TO_WRITE = 1;
    private static final int DESCRIPTORS = 1_500;
    private static final long MEGABYTE = 1 << 20;

    private static final List<String> DIRECTORIES =
            List.of(
                    "/",
                    "/app",
                    "/app/lib",
                    "/etc",
                    "/opt/java",
                    "/run",
                    "/run/casemate",
                    "/dev",
                    "/dev/shm",
                    "/dev/mqueue",
                    "/var/tmp",
                    "/sys/fs/cgroup",
                    TrialLaunch.DIRECTORY);

    private static final List<String> WRITABLE =
            List.of(
                    "/app/manifest.json",
                    "/run/casemate/deployment.json",
                    "/run/casemate/hosts",
                    "/proc/sys/kernel/core_pattern",
                    "/proc/sys/net/ipv4/ip_forward",
                    "/proc/sysrq-trigger",
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                    "/sys/fs/cgroup/pids/pids.max",
                    "/sys/kernel/uevent_helper");

    private static final List<String> READABLE =
            List.of(
                    "/etc/shadow",
                    "/proc/kcore",
                    "/proc/kmsg",
                    "/proc/slabinfo",
                    "/proc/vmallocinfo",
                    "/proc/2/environ",
                    "/proc/2/mem",
                    "/proc/1/root/etc/shadow",
                    "/dev/mem",
                    "/dev/kmsg",
                    "/dev/sda",
                    "/run/casemate-launch",
                    "/run/netns",
                    "/run/secrets",
                    "/root",
                    "/home",
                    "/var/lib/containers",
                    "/var/run/docker.sock",
                    "/run/podman/podman.sock");

    private final NativeAttempts attempts;
    private final NativeProgram program;

    private FileCalls(NativeAttempts attempts) {
        this.attempts = attempts;
        program = attempts.program();
    }

    /// What has to come about, or the rest says nothing.
    static void allowed(NativeAttempts attempts) {
        var calls = new FileCalls(attempts);
        attempts.area(Expectations.ALLOWED);
        attempts.attempt("ask for its number").decide(39);
        attempts.attempt("make a stream socket").decide(41, 2, 1, 0).then(CLOSE, 3);
        calls.open("read the manifest", "/app/manifest.json", 0);
        calls.create("write a file in /tmp", "/tmp");
        attempts.attempt("take memory").decide(MMAP, 0, 4096, 3, 0x22, -1, 0);
    }

    static void describe(NativeAttempts attempts) {
        var calls = new FileCalls(attempts);
        attempts.area("files");
        DIRECTORIES.forEach(directory -> calls.create("write in " + directory, directory));
        WRITABLE.forEach(file -> calls.open("open for writing " + file, file, TO_WRITE));
        READABLE.forEach(file -> calls.open("read " + file, file, 0));
        calls.rights();
    }

    /// What changes the process, or takes what later attempts would need: to be described last.
    static void resources(NativeAttempts attempts, long tmpBytes, long memoryBytes) {
        var calls = new FileCalls(attempts);
        attempts.area("identity");
        calls.identity();
        attempts.area("resources");
        calls.fill(tmpBytes / MEGABYTE + 8);
        var made = attempts.attempt("open %d files".formatted(DESCRIPTORS));
        made.decideRepeated(DESCRIPTORS, OPENAT, HERE, calls.program.text("/dev/null"), 0, 0);
        // Populated, so that it is taken and not only promised; the last of all.
        attempts.attempt("take twice the memory")
                .mayKill()
                .decide(MMAP, 0, Math.min(2 * memoryBytes, 4L << 30), 3, 0x8022, -1, 0);
    }

    private void open(String name, String file, long flags) {
        var made = attempts.attempt(name).decide(OPENAT, HERE, program.text(file), flags, 0);
        made.then(CLOSE, made.result());
    }

    private void create(String name, String directory) {
        long path = program.text(directory + "/probe-new");
        var made = attempts.attempt(name).decide(OPENAT, HERE, path, CREATE_NEW, 0600);
        made.then(CLOSE, made.result()).then(UNLINK, path);
    }

    private void rights() {
        long path = program.text("/tmp/probe-rights");
        long other = program.text("/tmp/probe-other");
        attempts.attempt("read a file that nobody may read")
                .prepare(OPENAT, HERE, path, CREATE_NEW, 0)
                .then(CLOSE, NativeProgram.resultOf(program.next() - 1))
                .decide(OPENAT, HERE, path, 0, 0);
        attempts.attempt("let a file run with its owner's rights").decide(90, path, 04755);
        attempts.attempt("give a file away").decide(92, path, 1, 1);
        attempts.attempt("link to a file")
                .decide(86, path, other)
                .then(UNLINK, other)
                .then(UNLINK, path);
        attempts.attempt("link to a file by name")
                .decide(88, program.text("/etc/passwd"), other)
                .then(UNLINK, other);
        attempts.attempt("make a pipe with a name")
                .decide(259, HERE, other, 010600, 0)
                .then(UNLINK, other);
        attempts.attempt("make a device")
                .decide(259, HERE, other, 020600, 0x103)
                .then(UNLINK, other);
    }

    private void identity() {
        long header = program.words(0x20080522L, 0);
        // To administer the machine, beside what the attempts that follow need.
        long wanted = 1 << 21 | 1 << 8 | 1 << 7 | 1 << 6;
        attempts.attempt("take the capability to administer")
                .decide(126, header, program.words(wanted | wanted << 32, 0, 0));
        attempts.attempt("be in other groups").decide(116, 1, program.words(0));
        attempts.attempt("become another group").decide(106, 1);
        attempts.attempt("become root").decide(105, 0);
        attempts.attempt("become another user").decide(117, 1, 1, 1);
        attempts.attempt("leave the users").decide(272, 0x10000000L);
    }

    private void fill(long megabytes) {
        long path = program.text("/tmp/probe-filling");
        var made = attempts.attempt("write more than /tmp holds");
        made.prepare(OPENAT, HERE, path, 0x41, 0600);
        long file = made.result();
        made.decideRepeated(megabytes, WRITE, file, NativeProgram.ZEROES, MEGABYTE);
        made.then(CLOSE, file).then(UNLINK, path);
    }
}
