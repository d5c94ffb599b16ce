package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashSet;
import java.util.SortedMap;
import java.util.TreeMap;

/// The files of this machine's C library that a Java runtime needs: found by what its binaries say
/// that they are linked to, so that none is forgotten and none is there for nothing.
///
/// @param files where a file lies in the image, and where it lies here
record CLibrary(SortedMap<String, Path> files) {

    CLibrary {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /// @throws ImageException with code `C_LIBRARY_MISSING` naming what was not found
    static CLibrary neededBy(Path runtime, ImagePlatform platform) {
        var files = new TreeMap<String, Path>();
        var known = new HashSet<String>();
        var unread = new ArrayDeque<Path>();
        var launcher = runtime.resolve("bin/java");
        unread.add(launcher);
        for (var file : FileTree.files(runtime.resolve("lib"))) {
            if (file.toString().endsWith(".so")) {
                known.add(file.getFileName().toString());
                unread.add(file);
            }
        }
        var loader = Path.of(interpreter(launcher, platform));
        known.add(String.valueOf(loader.getFileName()));
        files.put(loader.toString(), real(loader));
        while (!unread.isEmpty()) {
            for (var name : ElfFile.read(unread.remove()).needed()) {
                if (known.add(name)) {
                    var place = find(name, platform);
                    files.put(place.toString(), real(place));
                    unread.add(real(place));
                }
            }
        }
        return new CLibrary(files);
    }

    private static String interpreter(Path launcher, ImagePlatform platform) {
        var elf = ElfFile.read(launcher);
        if (elf.machine() != platform.elfMachine()) {
            throw new ImageException(
                    Code.UNREADABLE_BINARY, "expected a Java launcher for " + platform.ociName());
        }
        return elf.interpreter()
                .orElseThrow(() ->
                        new ImageException(
                                Code.UNREADABLE_BINARY,
                                "expected a dynamically linked Java launcher"));
    }

    private static Path find(String name, ImagePlatform platform) {
        return platform.libraryDirectories().stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() ->
                        new ImageException(
                                Code.C_LIBRARY_MISSING,
                                "expected "
                                        + name
                                        + " in one of "
                                        + platform.libraryDirectories()));
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new ImageException(
                    Code.C_LIBRARY_MISSING, "expected the GNU C library's " + file, e);
        }
    }
}
