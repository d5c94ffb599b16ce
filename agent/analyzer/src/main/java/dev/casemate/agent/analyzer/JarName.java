package dev.casemate.agent.analyzer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The name of a jar, taken apart: what it is, and which version of it.
///
/// File names follow no standard. Taken for the version are the last words, as hyphens separate
/// them, that begin with a digit, and what release names there are after them: `netty-epoll` is
/// what `netty-epoll-4.2.1.Final.jar` is, and `log4j-1.2-api` what `log4j-1.2-api-2.24.0.jar` is.
/// Other words after it, such as `linux-x86_64`, stay part of what it is.
///
/// @param library without version and `.jar`; of a nested jar with where it lies
/// @param version empty if the name has none
record JarName(String library, String version) {

    private static final String NESTED = "!/";
    private static final String SUFFIX = ".jar";
    private static final Pattern NUMBER = Pattern.compile("\\d[\\w.+]*");
    private static final Pattern RELEASE =
            Pattern.compile(
                    "(?i)(snapshot|alpha|beta|milestone|m|rc|cr|ea|pre|preview|incubating|b|build|sp"
                            + "|final|ga|release)[\\d.]*");

    static JarName of(String name) {
        var parts = Arrays.stream(name.split(NESTED, -1)).map(JarName::ofFile).toList();
        return new JarName(
                parts.stream().map(JarName::library).collect(Collectors.joining(NESTED)),
                parts.stream().map(JarName::version).collect(Collectors.joining(NESTED)));
    }

    private static JarName ofFile(String path) {
        int slash = path.lastIndexOf('/') + 1;
        var file = path.substring(slash);
        var words =
                List.of(
                        (file.endsWith(SUFFIX)
                                        ? file.substring(0, file.length() - SUFFIX.length())
                                        : file)
                                .split("-", -1));
        int last = words.size() - 1;
        while (last > 0 && !isNumber(words.get(last))) {
            last--;
        }
        if (last == 0) {
            return new JarName(path.substring(0, slash) + String.join("-", words), "");
        }
        int first = last;
        while (first > 1 && isNumber(words.get(first - 1))) {
            first--;
        }
        int end = last + 1;
        while (end < words.size() && RELEASE.matcher(words.get(end)).matches()) {
            end++;
        }
        var library = new ArrayList<>(words.subList(0, first));
        library.addAll(words.subList(end, words.size()));
        return new JarName(
                path.substring(0, slash) + String.join("-", library),
                String.join("-", words.subList(first, end)));
    }

    private static boolean isNumber(String word) {
        return NUMBER.matcher(word).matches();
    }
}
