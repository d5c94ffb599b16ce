package dev.casemate.container.launch;

import dev.casemate.container.image.AgentImage;
import dev.casemate.container.image.ImageRequest;
import dev.casemate.container.launch.probe.Probe;
import dev.casemate.container.launch.probe.Runaway;
import dev.casemate.container.launch.trial.ProbeJar;
import dev.casemate.manifest.AgentManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Images with programs of these tests in them, built as an agent's is.
final class TestImages {

    // Kept between runs: linking a runtime takes longer than everything else here.
    private static final Path WORK = Path.of("target", "test-images").toAbsolutePath();

    static final String REFERENCE = "localhost/casemate-launch-test:1";

    private TestImages() {}

    /// The reader of lines on a runtime from which nothing was removed, so that what the container
    /// stops by itself can be seen.
    static Path unsealed() {
        return AgentImage.buildUnsealed(
                        request(lineReaderJar(), LineReader.class.getName(), Examples.agent()),
                        WORK.resolve("unsealed.tar"),
                        WORK.resolve("work"),
                        line -> {})
                .archive();
    }

    /// A program that does not end.
    static Path sleeper(AgentManifest manifest) {
        var jar = jar("sleeper.jar", Sleeper.class, "Sleeper.");
        return AgentImage.buildProbe(
                        request(jar, Sleeper.class.getName(), manifest),
                        WORK.resolve(
                                "sleeper-" + manifest.limits().deadline().toSeconds() + ".tar"),
                        WORK.resolve("work"),
                        line -> {})
                .archive();
    }

    /// The probe as a program of its own.
    static Path probe() {
        try {
            Files.createDirectories(WORK);
            var jar = Files.write(WORK.resolve("probe.jar"), ProbeJar.bytes());
            return AgentImage.buildProbe(
                            request(jar, Probe.class.getName(), Examples.agent()),
                            WORK.resolve("probe.tar"),
                            WORK.resolve("work"),
                            line -> {})
                    .archive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A program that takes one thing without end.
    static Path runaway(AgentManifest manifest) {
        var jar = jar("runaway.jar", Runaway.class, "Runaway.");
        return AgentImage.buildProbe(
                        request(jar, Runaway.class.getName(), manifest),
                        WORK.resolve("runaway-" + manifest.limits().ioBytesPerSecond() + ".tar"),
                        WORK.resolve("work"),
                        line -> {})
                .archive();
    }

    /// A program that reads lines.
    static Path lineReader() {
        return AgentImage.buildProbe(
                        request(lineReaderJar(), LineReader.class.getName(), Examples.agent()),
                        WORK.resolve("line-reader.tar"),
                        WORK.resolve("work"),
                        line -> {})
                .archive();
    }

    /// A program that does what agents do.
    static Path chores() {
        var jar = jar("chores.jar", Chores.class, "Chores");
        return AgentImage.buildProbe(
                        request(jar, Chores.class.getName(), Examples.agent()),
                        WORK.resolve("chores.tar"),
                        WORK.resolve("work"),
                        line -> {})
                .archive();
    }

    /// Takes the images out of podman's store again.
    static void remove(Path... archives) {
        for (var archive : archives) {
            Launcher.removeImage(Launcher.imageId(archive));
        }
    }

    private static ImageRequest request(Path jar, String mainClass, AgentManifest manifest) {
        return new ImageRequest(REFERENCE, List.of(jar), mainClass, manifest, "test");
    }

    private static Path lineReaderJar() {
        return jar("line-reader.jar", LineReader.class, "LineReader.");
    }

    /// The classes beside one class whose names begin so.
    private static Path jar(String name, Class<?> main, String prefix) {
        try {
            var root = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
            var folder = root.resolve(main.getPackageName().replace('.', '/'));
            Files.createDirectories(WORK);
            var jar = WORK.resolve(name);
            try (var out = new JarOutputStream(Files.newOutputStream(jar));
                    var classes = Files.list(folder)) {
                for (var file :
                        classes.filter(path -> named(path).endsWith(".class"))
                                .filter(path -> named(path).startsWith(prefix))
                                .sorted()
                                .toList()) {
                    var entry = new JarEntry(root.relativize(file).toString());
                    entry.setTime(0);
                    out.putNextEntry(entry);
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String named(Path path) {
        return String.valueOf(path.getFileName());
    }
}
