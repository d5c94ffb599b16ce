package dev.casemate.agent.analyzer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The classes of the running JDK, read from its run-time image.
final class Platform {

    private final Map<String, String> moduleOfPackage = new HashMap<>();
    private final Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");

    Platform() {
        for (var module : ModuleFinder.ofSystem().findAll()) {
            var name = module.descriptor().name();
            module.descriptor().packages().forEach(held -> moduleOfPackage.put(held, name));
        }
    }

    /// The module that has a package, exported or not.
    Optional<String> module(String packageName) {
        return Optional.ofNullable(moduleOfPackage.get(packageName));
    }

    /// @param name internal name
    Optional<TypeFacts> type(String name) {
        return module(TypeFacts.packageOf(name)).flatMap(module -> read(module, name));
    }

    private Optional<TypeFacts> read(String module, String name) {
        var file = modules.resolve(module).resolve(name + ".class");
        try {
            return Files.exists(file)
                    ? Optional.of(ClassReader.platform(Files.readAllBytes(file)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
