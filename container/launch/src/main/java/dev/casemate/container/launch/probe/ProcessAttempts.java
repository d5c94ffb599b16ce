package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/// Ways to start another program.
final class ProcessAttempts {

    // Linux x86-64, an ELF header, a program header and exit(42): all that a program needs.
    private static final String SMALLEST_PROGRAM =
            "f0VMRgIBAQAAAAAAAAAAAAIAPgABAAAAeABAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAAAEAAOAABAAAAAAAAAAEA"
                    + "AAAFAAAAAAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAhAAAAAAAAACEAAAAAAAAAAAQAAAAAAAAvyoAAAC4PAAAAA8F";

    private ProcessAttempts() {}

    static List<Attempt> all() {
        return List.of(
                new Attempt(
                        "start a process with Runtime.exec",
                        Kind.PROCESS,
                        () -> runtimeExec(java())),
                new Attempt(
                        "start a process with ProcessBuilder",
                        Kind.PROCESS,
                        () -> processBuilder(java())),
                new Attempt(
                        "find a shell or a package manager", Kind.PROCESS, ProcessAttempts::shell),
                new Attempt(
                        "execute a file in /tmp", Kind.PROCESS, ProcessAttempts::executeTemporary));
    }

    private static String[] java() {
        return new String[] {
            Path.of(System.getProperty("java.home", "/opt/java"), "bin", "java").toString(),
            "-version"
        };
    }

    private static String runtimeExec(String[] command) throws Throwable {
        var exec = Runtime.class.getMethod("exec", String[].class);
        return ended(exec.invoke(Runtime.getRuntime(), (Object) command));
    }

    private static String processBuilder(String[] command) throws Throwable {
        var type = Class.forName("java.lang.ProcessBuilder");
        var builder = type.getConstructor(String[].class).newInstance((Object) command);
        return ended(type.getMethod("start").invoke(builder));
    }

    private static String ended(Object process) throws Throwable {
        var type = Class.forName("java.lang.Process");
        return "it ran and ended with " + type.getMethod("waitFor").invoke(process);
    }

    private static String shell() throws Throwable {
        var found =
                Stream.of(
                                "/bin/sh",
                                "/bin/bash",
                                "/bin/dash",
                                "/bin/ash",
                                "/bin/busybox",
                                "/busybox/sh",
                                "/usr/bin/env",
                                "/usr/bin/perl",
                                "/usr/bin/python3",
                                "/usr/bin/curl",
                                "/usr/bin/wget",
                                "/usr/bin/apt-get",
                                "/sbin/apk",
                                "/usr/bin/dpkg",
                                "/usr/bin/rpm")
                        .filter(path -> Files.exists(Path.of(path)))
                        .toList();
        if (found.isEmpty()) {
            throw new FileNotFoundException("none of them is there");
        }
        return "found " + found;
    }

    private static String executeTemporary() throws Throwable {
        var program = Path.of("/tmp", "probe-program");
        try {
            Files.createFile(
                    program,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Files.write(program, Base64.getDecoder().decode(SMALLEST_PROGRAM));
            return processBuilder(new String[] {program.toString()});
        } finally {
            Files.deleteIfExists(program);
        }
    }
}
