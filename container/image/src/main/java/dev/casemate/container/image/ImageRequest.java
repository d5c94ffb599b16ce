package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import dev.casemate.manifest.AgentManifest;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// What one image is made of.
///
/// @param reference `localhost/name:tag`; names the image in the archive, and is never sent
///   anywhere
/// @param jars everything that the agent runs, its own jar included; at least one, distinct file
///   names. They stand on the class path in the order of their names
/// @param mainClass binary name of the class that is started, for example `com.acme.Main`
/// @param manifest what the agent was compiled to; must be the one inside the jars
/// @param revision the version-control revision that the jars were built from
public record ImageRequest(
        String reference,
        List<Path> jars,
        String mainClass,
        AgentManifest manifest,
        String revision) {

    private static final Pattern REFERENCE =
            Pattern.compile(
                    "localhost/[a-z0-9]+([._/-][a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern CLASS =
            Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*(\\.[A-Za-z_$][A-Za-z0-9_$]*)*");
    private static final Pattern JAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*\\.jar");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9._+-]{1,128}");

    public ImageRequest {
        jars = List.copyOf(jars);
        require(REFERENCE, reference, "expected a reference of the form localhost/name:tag");
        require(CLASS, mainClass, "expected the binary name of the main class");
        require(REVISION, revision, "expected a revision of 1 to 128 letters, digits and ._+-");
        if (jars.isEmpty()) {
            throw new ImageException(Code.INVALID_REQUEST, "expected at least one jar");
        }
        var names = new HashSet<String>();
        for (var jar : jars) {
            var name = String.valueOf(jar.getFileName());
            require(JAR, name, "expected only files named like jars");
            if (!names.add(name)) {
                throw new ImageException(
                        Code.INVALID_REQUEST, "expected distinct jar names, " + name + " is twice");
            }
        }
    }

    private static void require(Pattern form, String value, String expected) {
        if (!form.matcher(value).matches()) {
            throw new ImageException(Code.INVALID_REQUEST, expected);
        }
    }
}
