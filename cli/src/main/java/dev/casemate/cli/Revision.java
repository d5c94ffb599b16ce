package dev.casemate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What git says of the sources in a directory.
///
/// @param commit its full name; `-dirty` follows if the files are not those of the commit
/// @param origin where the repository comes from, without credentials
record Revision(String commit, Optional<String> origin) {

    private static final long LIMIT_SECONDS = 20;

    /// Empty without git, or outside of a repository.
    static Optional<Revision> of(Path directory) throws InterruptedException {
        var commit = git(directory, "rev-parse", "HEAD");
        var changes = git(directory, "status", "--porcelain");
        if (commit.isEmpty() || changes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Revision(
                        commit.get() + (changes.get().isEmpty() ? "" : "-dirty"),
                        git(directory, "remote", "get-url", "origin")
                                .map(Revision::withoutCredentials)));
    }

    private static String withoutCredentials(String url) {
        return url.replaceFirst("^([a-z+]+://)[^/@]*@", "$1");
    }

    private static Optional<String> git(Path directory, String... arguments)
            throws InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of(arguments));
        try {
            var process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            try (var output = process.getInputStream()) {
                var text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
                boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
                return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException withoutGit) {
            return Optional.empty();
        }
    }
}
