package dev.casemate.container.image;

import dev.casemate.container.image.ImageException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What a command line of `java` starts. Options that bring in code from elsewhere are refused:
/// whoever looks at the class path alone would miss it.
///
/// @param program the `java` command, as it is spelled
/// @param classPath its entries, wildcards as they stand
/// @param mainClass empty for `-jar`
record StartOfJava(String program, List<String> classPath, Optional<String> mainClass) {

    /// The largest file of options that is read.
    private static final int MAX_OPTIONS_BYTES = 1 << 20;

    private static final Set<String> CLASS_PATH = Set.of("-cp", "-classpath", "--class-path");
    private static final Set<String> WITH_VALUE =
            Set.of("--add-exports", "--add-opens", "--add-reads", "--add-modules");
    private static final List<String> FROM_ELSEWHERE =
            List.of(
                    "-p",
                    "--module-path",
                    "-m",
                    "--module",
                    "--upgrade-module-path",
                    "--patch-module",
                    "-javaagent",
                    "-agentlib",
                    "-agentpath",
                    "-Xbootclasspath",
                    "-XX:Flags",
                    "-XX:VMOptionsFile",
                    "-Djava.system.class.loader",
                    "--source");
    private static final Set<String> VARIABLES =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH");

    StartOfJava {
        classPath = List.copyOf(classPath);
    }

    /// @param arguments the command and what follows it
    /// @param environment `NAME=value` each
    /// @param files finds a file of the image by its absolute path
    static StartOfJava read(
            List<String> arguments, Collection<String> environment, Function<String, Path> files) {
        for (var variable : environment) {
            var name = variable.substring(0, Math.max(0, variable.indexOf('=')));
            if (VARIABLES.contains(name)) {
                throw refused("an image without " + name + " in its environment");
            }
        }
        Deque<String> rest = new ArrayDeque<>(arguments);
        var program = rest.isEmpty() ? "" : rest.remove();
        if (!program.equals("java") && !program.endsWith("/bin/java")) {
            throw refused("an entry point that is java itself");
        }
        return options(program, rest, files);
    }

    private static StartOfJava options(
            String program, Deque<String> rest, Function<String, Path> files) {
        var classPath = List.<String>of();
        while (!rest.isEmpty()) {
            var option = rest.remove();
            if (option.startsWith("@")) {
                lines(files.apply(option.substring(1))).reversed().forEach(rest::addFirst);
            } else if (CLASS_PATH.contains(option)) {
                classPath = entries(value(option, rest));
            } else if (option.startsWith("--class-path=")) {
                classPath = entries(option.substring("--class-path=".length()));
            } else if (option.equals("-jar")) {
                return new StartOfJava(program, List.of(value(option, rest)), Optional.empty());
            } else if (FROM_ELSEWHERE.stream().anyMatch(name -> isOption(option, name))) {
                throw refused("an entry point without " + option.replaceFirst("[=:].*", ""));
            } else if (WITH_VALUE.contains(option)) {
                value(option, rest);
            } else if (!option.startsWith("-")) {
                return new StartOfJava(program, classPath, Optional.of(option));
            }
        }
        throw refused("a main class or -jar in the entry point");
    }

    private static boolean isOption(String option, String name) {
        return option.equals(name)
                || option.startsWith(name + "=")
                || option.startsWith(name + ":")
                || (name.equals("-Xbootclasspath") && option.startsWith(name + "/"));
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw refused("a value after " + option);
        }
        return rest.remove();
    }

    private static List<String> entries(String classPath) {
        return Arrays.stream(classPath.split(":", -1)).filter(part -> !part.isEmpty()).toList();
    }

    private static List<String> lines(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_OPTIONS_BYTES + 1);
            var text = new String(bytes, StandardCharsets.UTF_8);
            // Quotes and escapes join what spaces part; no image of ours has them.
            if (bytes.length > MAX_OPTIONS_BYTES || text.matches("(?s).*[\"'\\\\].*")) {
                throw refused("a short file of options without quotes");
            }
            return text.lines()
                    .map(line -> line.replaceFirst("#.*", ""))
                    .flatMap(line -> Arrays.stream(line.strip().split("\\s+")))
                    .filter(word -> !word.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new ImageException(
                    Code.UNREADABLE_IMAGE, "expected the file of options in the image", e);
        }
    }

    private static ImageException refused(String expected) {
        return new ImageException(Code.UNREADABLE_IMAGE, "expected " + expected);
    }
}
