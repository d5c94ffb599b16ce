package dev.casemate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Jars that tests put together.
final class Jars {

    private Jars() {}

    /// The manifest of the jar first, where there is one: `JarInputStream` looks nowhere else.
    static Path write(Path jar, Map<String, byte[]> entries) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            var manifest = entries.get(JarFile.MANIFEST_NAME);
            if (manifest != null) {
                add(out, JarFile.MANIFEST_NAME, manifest);
            }
            for (var entry : entries.entrySet()) {
                if (!entry.getKey().equals(JarFile.MANIFEST_NAME)) {
                    add(out, entry.getKey(), entry.getValue());
                }
            }
        }
        return jar;
    }

    private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    /// Every file of it, by name.
    static Map<String, byte[]> entries(Path jar) throws IOException {
        var entries = new TreeMap<String, byte[]>();
        try (var open = new JarFile(jar.toFile())) {
            for (var entry : open.stream().filter(found -> !found.isDirectory()).toList()) {
                try (var in = open.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return entries;
    }
}
