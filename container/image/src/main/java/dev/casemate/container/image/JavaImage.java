package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.ManifestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The Java program in an image, as its configuration starts it: unpacked, so that it can be looked
/// at. Nothing of it is run.
///
/// @param classPath jars, in their order
/// @param modules the `lib/modules` of the Java that runs them
/// @param mainClass empty where `java -jar` takes it from the one jar
public record JavaImage(List<Path> classPath, Path modules, Optional<String> mainClass) {

    public JavaImage {
        classPath = List.copyOf(classPath);
    }

    /// @param archive an OCI image layout in a tar, of one platform
    /// @param directory an empty one, for what is unpacked; the caller removes it
    /// @throws ImageException with code `UNREADABLE_IMAGE` for anything that is not followed to the
    ///   end: another form, a layer that is not what its digest says, an entry point that is not
    ///   `java`, or that brings in code from elsewhere
    public static JavaImage unpack(Path archive, Path directory) {
        try {
            var image = ImageLayers.unpack(archive, directory);
            var start = StartOfJava.read(image.arguments(), image.environment(), image::file);
            var jars = start.classPath().stream().flatMap(entry -> jars(image, entry)).toList();
            if (jars.isEmpty()) {
                throw new ImageException(
                        Code.UNREADABLE_IMAGE, "expected a class path of jars in the entry point");
            }
            return new JavaImage(jars, modules(image, start), start.mainClass());
        } catch (IOException | ManifestException e) {
            throw new ImageException(
                    Code.UNREADABLE_IMAGE, "expected an OCI image in a tar that is whole", e);
        }
    }

    private static Stream<Path> jars(ImageLayers image, String entry) {
        if (!entry.endsWith("/*")) {
            var file = image.file(entry);
            if (!entry.endsWith(".jar")) {
                throw new ImageException(
                        Code.UNREADABLE_IMAGE, "expected jars on the class path, not " + entry);
            }
            return Stream.of(file);
        }
        var directory = entry.substring(0, entry.length() - 1);
        image.requireNoLinks(link -> link.startsWith(directory) && ImageLayers.isJar(link));
        try (var files = Files.list(image.place(entry.substring(0, entry.length() - 2)))) {
            return files
                    .filter(file -> ImageLayers.isJar(file.toString()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new ImageException(
                    Code.UNREADABLE_IMAGE, "expected a directory of jars at " + entry, e);
        }
    }

    private static Path modules(ImageLayers image, StartOfJava start) {
        var all = image.endingWith("/lib/modules");
        var own =
                all.stream()
                        .filter(path ->
                                start.program().startsWith("/")
                                        && path.equals(home(start.program()) + "/lib/modules"))
                        .toList();
        image.requireNoLinks(link -> link.equals(home(start.program()) + "/lib/modules"));
        var chosen = own.isEmpty() ? all : own;
        if (chosen.size() != 1) {
            throw new ImageException(
                    Code.UNREADABLE_IMAGE,
                    "expected one Java in the image, with its lib/modules; found " + all.size());
        }
        return image.file(chosen.getFirst());
    }

    private static String home(String program) {
        int bin = program.lastIndexOf("/bin/");
        return bin < 0 ? program : program.substring(0, bin);
    }
}
