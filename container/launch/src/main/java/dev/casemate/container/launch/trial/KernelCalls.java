package dev.casemate.container.launch.trial;

import java.util.List;

/// Ways into the kernel and out of what it keeps apart. Arguments are such that success changes
/// nothing: an error that comes after the question of rights says that the way is open.
final class KernelCalls {

    private static final long OPENAT = 257;
    private static final long CLOSE = 3;
    private static final long SETNS = 308;
    private static final long UNSHARE = 272;
    private static final long HERE = -100;

    private static final int NOT_FOUND = 2;
    private static final int NOT_EXECUTABLE = 8;
    private static final int BAD_DESCRIPTOR = 9;
    private static final int BAD_ADDRESS = 14;
    private static final int INVALID = 22;
    private static final int NO_TERMINAL = 25;
    private static final int TOO_SMALL = 75;
    private static final int STALE = 116;
    private static final int NO_KEY = 126;

    private final NativeAttempts attempts;
    private final NativeProgram program;

    private KernelCalls(NativeAttempts attempts) {
        this.attempts = attempts;
        program = attempts.program();
    }

    static void describe(NativeAttempts attempts) {
        var calls = new KernelCalls(attempts);
        attempts.area("kernel");
        calls.surfaces();
        calls.machine();
        calls.memory();
        calls.own();
        attempts.area("name spaces");
        calls.mounts();
        calls.spaces();
    }

    private NativeAttempts.Try call(String name, long number, long... arguments) {
        return attempts.attempt(name).decide(number, arguments);
    }

    private void surfaces() {
        call("load a kernel module", 175, program.text("none"), 4, program.text(""))
                .orErrors(NOT_EXECUTABLE);
        call("load a kernel module from a file", 313, -1, program.text(""), 0)
                .orErrors(BAD_DESCRIPTOR);
        call("unload a kernel module", 176, program.text("nonexistent"), 0x800).orErrors(NOT_FOUND);
        call("load another kernel", 246, 0, 0, 0, 0xffff).orErrors(INVALID);
        call("load another kernel from a file", 320, -1, -1, 0, 0, 0xffff)
                .orErrors(INVALID, BAD_DESCRIPTOR);
        call("read the session's keys", 250, 0, -3, 0).orErrors(NO_KEY);
        call(
                "add a key",
                248,
                program.text("user"),
                program.text("probe"),
                program.text("x"),
                1,
                -2);
        call("ask for a key", 249, program.text("user"), program.text("none"), 0, 0)
                .orErrors(NO_KEY);
        // An array of one element.
        call("make a BPF map", 321, 0, program.words(4L << 32 | 2, 1L << 32 | 4, 0, 0, 0, 0), 48);
        long event = program.words(64L << 32 | 1, 0, 0, 0, 0, 0x61, 0, 0);
        call("count events of the processor", 298, event, 0, -1, -1, 0);
        call("handle faults of memory", 323, 1);
        call("set up io_uring", 425, 1, NativeProgram.SCRATCH + 4096);
        call("set up asynchronous I/O", 206, 1, NativeProgram.SCRATCH + 8192);
        call("watch files with fanotify", 300, 0, 0);
        call("watch files with inotify", 294, 0);
        call(
                        "make a file handle",
                        303,
                        HERE,
                        program.text("/tmp"),
                        handle(),
                        NativeProgram.SCRATCH,
                        0)
                .orErrors(TOO_SMALL);
        call("open a file by its handle", 304, HERE, handle(), 0).orErrors(STALE, INVALID, 95);
        call("put words into the terminal", 16, 0, 0x5412, program.text("x")).orErrors(NO_TERMINAL);
        call("make a Landlock rule set", 444, 0, 0, 1);
    }

    private long handle() {
        return program.words(1L << 32 | 8, 0, 0, 0);
    }

    private void machine() {
        call("restart the machine", 169, 0, 0, 0, 0).orErrors(INVALID);
        call("swap to a file", 167, program.text("/nonexistent"), 0).orErrors(NOT_FOUND);
        call("set the clock", 164, 0, 0);
        call("account for processes", 163, program.text("/nonexistent")).orErrors(NOT_FOUND);
        call("change what the kernel logs", 103, 8, 0, 0).orErrors(INVALID);
        call("rename the machine", 170, program.text("probe"), 5);
        call("reach hardware ports", 172, 3);
        call("reach one hardware port", 173, 0x80, 1, 1);
        call("change the local descriptor table", 154, 0, NativeProgram.SCRATCH, 0);
        call("hang up the terminal", 153);
    }

    private void memory() {
        call("make shared memory", 29, 0, 4096, 01600);
        call("make a message queue", 68, 0, 01600);
        call("make semaphores", 64, 0, 1, 01600);
        call("make a POSIX message queue", 240, program.text("probe"), 0x42, 0600, 0);
        call("make a file in memory", 319, program.text("probe"), 0);
        call("make secret memory", 447, 0);
        call("lock memory", 149, NativeProgram.SCRATCH, 4096);
        call("lock all memory", 151, 1);
        var mapped = attempts.attempt("map a file of /tmp as code");
        long path = program.text("/tmp/probe-code");
        mapped.prepare(OPENAT, HERE, path, 0x42, 0700);
        long file = mapped.result();
        mapped.prepare(1, file, NativeProgram.BASE, 4096);
        mapped.decide(9, 0, 4096, 5, 2, file, 0).then(CLOSE, file).then(87, path);
    }

    private void own() {
        call("set a filter of system calls", 317, 1, 0, 0).orErrors(BAD_ADDRESS);
        call("be dumpable", 157, 4, 1, 0, 0, 0);
        call("keep capabilities", 157, 8, 1, 0, 0, 0);
        call("change the bits of privilege", 157, 28, 0, 0, 0, 0);
        call("become another architecture", 135, 0xffffffffL);
        call("have more urgency", 141, 0, 0, -5);
        call("change the scheduler", 144, 0, 3, program.words(0));
    }

    private void mounts() {
        long none = program.text("tmpfs");
        long target = program.text("/sys");
        call("mount a file system", 165, none, target, none, 0, 0);
        call("mount a directory elsewhere", 165, program.text("/app"), target, 0, 0x1000, 0);
        call("make the root writable", 165, 0, program.text("/"), 0, 0x1020, 0);
        call("open a file system", 430, none, 0);
        call("clone a mount", 428, HERE, program.text("/tmp"), 1);
        call("change the root by pivot_root", 155, program.text("/none"), program.text("/none"))
                .orErrors(NOT_FOUND, INVALID);
        call("change the root by chroot", 161, program.text("/"));
        call("unmount the probe's directory", 166, program.text(TrialLaunch.DIRECTORY), 2);
    }

    private void spaces() {
        for (var space : List.of("net", "uts", "ipc", "pid", "cgroup", "mnt")) {
            var made = attempts.attempt("enter a name space: " + space);
            made.prepare(OPENAT, HERE, program.text("/proc/self/ns/" + space), 0, 0);
            made.decide(SETNS, made.result(), 0);
        }
        call("leave the control groups", UNSHARE, 0x2000000);
        call("leave the host name", UNSHARE, 0x4000000);
        call("leave the inter-process space", UNSHARE, 0x8000000);
        call("leave the process numbers", UNSHARE, 0x20000000);
        call("leave the network", UNSHARE, 0x40000000);
        call("leave the mounts", UNSHARE, 0x20000);
    }
}
