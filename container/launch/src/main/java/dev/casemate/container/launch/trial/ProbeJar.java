package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchException.Code;
import dev.casemate.container.launch.probe.Probe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// A jar of the classes of [Probe] and nothing else, from wherever this program's own lie.
public final class ProbeJar {

    private ProbeJar() {}

    /// The file, the same bytes for the same classes.
    public static byte[] bytes() {
        try {
            var place = Probe.class.getProtectionDomain().getCodeSource().getLocation();
            var code = Path.of(place.toURI());
            if (Files.isDirectory(code)) {
                return packed(code);
            }
            try (var jar = FileSystems.newFileSystem(code)) {
                return packed(jar.getPath("/"));
            }
        } catch (IOException | URISyntaxException e) {
            throw new LaunchException(
                    Code.FILES, "expected the probe's classes in a jar or folder", e);
        }
    }

    private static byte[] packed(Path root) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var folder = Probe.class.getPackageName().replace('.', '/');
        try (var out = new JarOutputStream(bytes);
                var classes = Files.list(root.resolve(folder))) {
            for (var file :
                    classes.filter(path -> path.toString().endsWith(".class")).sorted().toList()) {
                var entry = new JarEntry(folder + "/" + file.getFileName());
                entry.setTime(0);
                out.putNextEntry(entry);
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
