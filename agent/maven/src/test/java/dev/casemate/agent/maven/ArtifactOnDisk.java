package dev.casemate.agent.maven;

import java.io.File;
import java.nio.file.Path;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.ArtifactHandler;
import org.jspecify.annotations.Nullable;

/// What Maven hands to a plugin for each jar of a build.
final class ArtifactOnDisk {

    private ArtifactOnDisk() {}

    static Artifact jar(Path file) {
        return artifact(file, new Handler("jar", true));
    }

    static Artifact document(Path file) {
        return artifact(file, new Handler("pom", false));
    }

    static Artifact notBuilt(String name) {
        return artifact(Path.of(name), new Handler("jar", true), null);
    }

    private static Artifact artifact(Path file, Handler handler) {
        return artifact(file, handler, file.toFile());
    }

    private static Artifact artifact(Path name, Handler handler, @Nullable File file) {
        var artifact =
                new DefaultArtifact(
                        "com.example",
                        name.getFileName().toString().replace(".jar", ""),
                        "1",
                        Artifact.SCOPE_RUNTIME,
                        handler.extension(),
                        null,
                        handler);
        artifact.setFile(file);
        return artifact;
    }

    private record Handler(String extension, boolean classPath) implements ArtifactHandler {

        @Override
        public String getExtension() {
            return extension;
        }

        @Override
        public String getDirectory() {
            return extension + "s";
        }

        @Override
        public @Nullable String getClassifier() {
            return null;
        }

        @Override
        public String getPackaging() {
            return extension;
        }

        @Override
        public boolean isIncludesDependencies() {
            return false;
        }

        @Override
        public String getLanguage() {
            return "java";
        }

        @Override
        public boolean isAddedToClasspath() {
            return classPath;
        }
    }
}
