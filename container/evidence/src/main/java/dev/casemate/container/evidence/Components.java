package dev.casemate.container.evidence;

import dev.casemate.container.evidence.EvidenceException.Code;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The kinds of files in an image, and the releases of the JDK and the C library that its own files
/// tell.
///
/// @param javaVersion as in the JDK's `release` file
/// @param modules of that JDK that are in the image
/// @param cLibraryPackage what the C library calls itself, for example `Debian GLIBC 2.36-9`
/// @param cLibraryVersion for example `2.36`
record Components(
        String javaVersion, List<String> modules, String cLibraryPackage, String cLibraryVersion) {

    private static final String JAVA = "/opt/java/";
    private static final Pattern VERSION =
            Pattern.compile("(?m)^JAVA_VERSION=\"([0-9A-Za-z._+-]+)\"$");
    private static final Pattern MODULES = Pattern.compile("(?m)^MODULES=\"([a-z0-9. ]+)\"$");
    private static final Pattern C_LIBRARY =
            Pattern.compile(
                    "GNU C Library \\(([A-Za-z0-9 .+~:-]{1,100})\\) [a-z]+ release version ([0-9.]+[0-9])");

    static Components of(ImageContents image) {
        var release = text(image.documents().getOrDefault(ImageContents.RELEASE, new byte[0]));
        var version = VERSION.matcher(release);
        var modules = MODULES.matcher(release);
        if (!version.find() || !modules.find()) {
            throw new EvidenceException(
                    Code.MALFORMED_LAYERS,
                    "expected version and modules in the JDK's release file");
        }
        var libraries =
                image.documents().entrySet().stream()
                        .filter(entry -> entry.getKey().endsWith("/" + ImageContents.C_LIBRARY))
                        .map(Map.Entry::getValue)
                        .toList();
        var library = C_LIBRARY.matcher(libraries.size() == 1 ? text(libraries.getFirst()) : "");
        if (!library.find()) {
            throw new EvidenceException(
                    Code.MALFORMED_LAYERS, "expected one GNU C library, which says its release");
        }
        return new Components(
                version.group(1),
                Arrays.stream(modules.group(1).split(" ")).sorted().toList(),
                library.group(1),
                library.group(2));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static boolean isJava(String path) {
        return path.startsWith(JAVA);
    }

    static boolean isCLibrary(String path) {
        return path.startsWith("/lib/")
                || path.startsWith("/lib64/")
                || path.startsWith("/usr/lib");
    }

    String javaPackageUrl() {
        return "pkg:generic/openjdk@" + javaVersion.replace("+", "%2B");
    }

    String cLibraryPackageUrl() {
        for (var system : List.of("Debian", "Ubuntu")) {
            if (cLibraryPackage.startsWith(system + " GLIBC ")) {
                return "pkg:deb/"
                        + system.toLowerCase(Locale.ROOT)
                        + "/libc6@"
                        + cLibraryPackage
                                .substring((system + " GLIBC ").length())
                                .replace("+", "%2B")
                                .replace(":", "%3A");
            }
        }
        return "pkg:generic/glibc@" + cLibraryVersion;
    }
}
