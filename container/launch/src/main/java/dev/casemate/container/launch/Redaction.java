package dev.casemate.container.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Takes a launch's own secrets out of the lines that its agent prints. Whatever else looks like a
/// secret is the proxy's policy to see; these it does not know.
final class Redaction {

    static final String INSTEAD = "[a secret of this launch]";

    /// Shorter lines of a secret's file are taken for what is around a secret; whoever has a
    /// shorter password has other worries.
    private static final int SHORTEST_CHARS = 4;

    private final List<String> secrets;

    private Redaction(List<String> secrets) {
        this.secrets = secrets;
    }

    /// @param files with the secrets that are mounted for the agent
    static Redaction of(List<Path> files) {
        var secrets = new ArrayList<String>();
        for (var file : files) {
            try {
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.length() >= SHORTEST_CHARS)
                        .forEach(secrets::add);
            } catch (IOException e) {
                throw new LaunchException(
                        LaunchException.Code.FILES, "expected a readable secret in " + file, e);
            }
        }
        // A secret that is part of another would leave the rest of it.
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        return new Redaction(List.copyOf(secrets));
    }

    String of(String line) {
        var redacted = line;
        for (var secret : secrets) {
            redacted = redacted.replace(secret, INSTEAD);
        }
        return redacted;
    }
}
