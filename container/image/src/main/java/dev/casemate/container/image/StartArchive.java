package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The classes of an agent's start, loaded once when the image is built and mapped into memory ever
/// after: Java's ahead-of-time cache, without what would make two builds differ.
///
/// The virtual machine uses it only if the class path has the same jars, by size and time, and the
/// runtime is the same; so it cannot bring code that the image does not have elsewhere.
final class StartArchive {

    /// Where it lies in the image.
    static final String PLACE = "/app/start.aot";

    /// The option that names it.
    static final String OPTION = "-XX:AOTCache=" + PLACE;

    private static final String CLASSES = "start-classes.txt";

    private StartArchive() {}

    /// @param runtime the one that the image gets
    /// @param jars in the order of the class path
    /// @param agent names of the agent's own classes, all of which are taken
    /// @param scratch an empty directory
    static Path write(Path runtime, List<Path> jars, Set<String> agent, Path scratch)
            throws IOException {
        var libraries = Files.createDirectory(scratch.resolve("lib"));
        for (var jar : jars) {
            var copy = Files.copy(jar, libraries.resolve(jar.getFileName().toString()));
            Files.setLastModifiedTime(copy, RuntimeLinker.FILE_TIME);
        }
        var list = Files.write(scratch.resolve("classes"), classes(agent));
        var archive = scratch.resolve("start.aot");
        RuntimeStep.in(
                        scratch,
                        List.of(
                                runtime.resolve("bin/java").toString(),
                                "-Xshare:dump",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "-Duser.timezone=UTC",
                                "-XX:SharedClassListFile=" + list,
                                "-XX:SharedArchiveFile=" + archive,
                                "-cp",
                                // Relative: the archive holds the class path as it is given here.
                                jars.stream()
                                        .map(jar -> "lib/" + jar.getFileName())
                                        .collect(Collectors.joining(":"))))
                .requireSuccess("archiving the classes of the start");
        if (!Files.isRegularFile(archive)) {
            throw new ImageException(Code.LINK_FAILED, "expected an archive of the start");
        }
        return archive;
    }

    private static List<String> classes(Set<String> agent) {
        var names = new TreeSet<String>();
        new String(RuleFile.bytes(CLASSES), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(names::add);
        agent.forEach(name -> names.add(name.replace('.', '/')));
        return new ArrayList<>(names);
    }
}
