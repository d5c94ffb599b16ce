package dev.casemate.container.launch.trial;

import java.util.List;

/// Ways to start something, or to enter another process, by system calls.
final class ProcessCalls {

    private static final long WRITE = 1;
    private static final long CLOSE = 3;
    private static final long CLONE = 56;
    private static final long FORK = 57;
    private static final long VFORK = 58;
    private static final long EXECVE = 59;
    private static final long WAIT = 61;
    private static final long OPENAT = 257;
    private static final long MEMFD_CREATE = 319;
    private static final long EXECVEAT = 322;
    private static final long CLONE3 = 435;

    private static final long HERE = -100;
    private static final long CHILD_ENDS = 17;
    private static final long NEW_USERS = 0x10000000L;

    /// No process has this number.
    private static final long NOBODY = 4_194_303;

    private static final int NO_SUCH_PROCESS = 3;

    private static final List<String> SHELLS =
            List.of(
                    "/bin/sh",
                    "/bin/bash",
                    "/bin/dash",
                    "/bin/ash",
                    "/bin/busybox",
                    "/usr/bin/env",
                    "/usr/bin/perl",
                    "/usr/bin/python3",
                    "/usr/bin/curl",
                    "/opt/java/lib/jspawnhelper",
                    "/opt/java/lib/jexec");

    private final NativeAttempts attempts;
    private final NativeProgram program;

    private ProcessCalls(NativeAttempts attempts) {
        this.attempts = attempts;
        program = attempts.program();
    }

    static void describe(NativeAttempts attempts) {
        var calls = new ProcessCalls(attempts);
        attempts.area("process");
        calls.children();
        calls.others();
        calls.programs();
    }

    private void children() {
        attempts.attempt("fork").fork(FORK).then(WAIT, -1, 0, 0, 0);
        attempts.attempt("vfork").fork(VFORK).then(WAIT, -1, 0, 0, 0);
        attempts.attempt("clone a process").fork(CLONE, CHILD_ENDS).then(WAIT, -1, 0, 0, 0);
        attempts.attempt("clone a process into new users")
                .fork(CLONE, NEW_USERS | CHILD_ENDS)
                .then(WAIT, -1, 0, 0, 0);
        long arguments = program.words(0, 0, 0, 0, CHILD_ENDS, 0, 0, 0);
        attempts.attempt("clone a process by clone3")
                .fork(CLONE3, arguments, 64)
                .then(WAIT, -1, 0, 0, 0);
    }

    /// That nobody has the number is said only to who may ask.
    private void others() {
        long vector = program.words(NativeProgram.SCRATCH, 8);
        asked("attach to a process as a debugger", 101, 0x4206, NOBODY, 0, 0);
        asked("read another process's memory", 310, NOBODY, vector, 1, vector, 1, 0);
        asked("write another process's memory", 311, NOBODY, vector, 1, vector, 1, 0);
        asked("signal another process", 62, NOBODY, 0);
        asked("hold another process", 434, NOBODY, 0);
        asked("compare another process's resources", 312, 1, NOBODY, 0, 0, 0);
        asked("move another process's memory", 256, NOBODY, 0, 0, 0);
        attempts.attempt("take a descriptor of a process")
                .prepare(434, 1, 0)
                .decide(438, NativeProgram.resultOf(program.next() - 1), 0, 0);
    }

    private void asked(String name, long number, long... arguments) {
        attempts.attempt(name).decide(number, arguments).orErrors(NO_SUCH_PROCESS);
    }

    private void programs() {
        for (var shell : SHELLS) {
            var made = attempts.attempt("execute " + shell);
            long path = program.text(shell);
            made.decide(EXECVE, path, program.words(path, 0), program.words(0));
        }
        execute("execute the probe itself again", "/proc/self/exe");
        execute("execute the probe's file again", TrialLaunch.PROGRAM);
        var written = attempts.attempt("execute a file written to /tmp");
        long path = program.text("/tmp/probe-program");
        written.prepare(OPENAT, HERE, path, 0x241, 0700);
        copyItself(written, written.result());
        written.then(CLOSE, NativeProgram.resultOf(program.next() - 2));
        written.decide(EXECVE, path, restart(), program.words(0));
        written.then(87, path);
        memory();
    }

    private void execute(String name, String path) {
        var made = attempts.attempt(name);
        long place = program.text(path);
        made.decide(EXECVE, place, restart(), program.words(0));
    }

    private void memory() {
        var made = attempts.attempt("execute a file in memory");
        made.prepare(MEMFD_CREATE, program.text("probe"), 0);
        long file = made.result();
        copyItself(made, file);
        made.decide(EXECVEAT, file, program.text(""), restart(), program.words(0), 0x1000);
        made.then(CLOSE, file);
    }

    private static void copyItself(NativeAttempts.Try made, long file) {
        made.prepare(WRITE, file, NativeProgram.BASE, NativeProgram.maxFileBytes());
    }

    /// Arguments with which the program goes on behind the call that follows.
    private long restart() {
        long name = program.text("probe");
        return program.words(name, program.text(NativeProgram.resumeAt(program.next())), 0);
    }
}
