package dev.casemate.cli;

import dev.casemate.agent.analyzer.Root;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.container.image.JavaImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What `casemate analyze` is asked about; an image stays unpacked for as long as this is open.
///
/// @param unpacked where, if it is an image
record OpenSubject(Subject subject, Optional<Path> unpacked) implements AutoCloseable {

    /// @param path a jar, a directory of jars, or an OCI image in a tar
    /// @param roots instead of those that it names itself; empty for those
    static OpenSubject open(Path path, List<Root> roots) throws IOException {
        if (!Files.isRegularFile(path) || !path.getFileName().toString().endsWith(".tar")) {
            return new OpenSubject(Subject.open(path, roots), Optional.empty());
        }
        var directory = Files.createTempDirectory("casemate-image-");
        try {
            var image = JavaImage.unpack(path, directory);
            var started =
                    image.mainClass().isPresent()
                            ? Subject.of(image.classPath(), image.mainClass().get())
                            : Subject.open(image.classPath().getFirst(), List.of());
            var subject = (roots.isEmpty() ? started : started.from(roots)).on(image.modules());
            return new OpenSubject(subject, Optional.of(directory));
        } catch (RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (unpacked.isPresent()) {
            delete(unpacked.get());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
