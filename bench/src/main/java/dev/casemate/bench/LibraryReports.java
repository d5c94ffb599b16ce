package dev.casemate.bench;

import dev.casemate.agent.analyzer.Comparison;
import dev.casemate.agent.analyzer.Report;
import dev.casemate.manifest.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The pages of `docs/capabilities`: one for each library, and a table over all.
public final class LibraryReports {

    private static final String HEAD =
            """
            # What well-known libraries can do

            The capabilities that code can reach which calls the public API of a library: the public
            and protected methods of its public classes, on the class path that it needs and nothing
            more. A number counts uses, each a method of these jars and a call into the JDK that it
            makes; no number says that no path was found, under the assumptions that every report of
            the analyzer lists. The names lead to the shortest path for each capability.

            An application that uses a part of a library reaches a part of this: analyze the
            application. What a library reaches through reflection, or through a library beside it
            that it looks for by name, is behind `reflection` and in no other column. A text that names
            a class of the JDK counts as its use: the `native` of Jackson is its list of the classes
            that it refuses to make.

            """;
    private static final String UPDATES =
            """

            What updates brought, as `casemate analyze --compare` tells it:

            """;
    private static final String FOOT =
            """

            Written by `bench/libraries`, and compared with what the analyzer finds in every build.
            """;

    private LibraryReports() {}

    /// Arguments: the folder of the libraries, the folder of the pages.
    public static void main(String[] arguments) throws IOException {
        var pages = Path.of(arguments[1]);
        var folder = Path.of(arguments[0]);
        var libraries = reports(folder.resolve("libraries"));
        for (var page : pages(libraries, reports(folder.resolve("earlier"))).entrySet()) {
            Files.writeString(pages.resolve(page.getKey()), page.getValue());
        }
    }

    /// @param folder as `bench/pom.xml` fills it
    static Map<Library, Report> reports(Path folder) throws IOException {
        var reports = new LinkedHashMap<Library, Report>();
        for (var library : Library.in(folder)) {
            reports.put(library, library.report());
        }
        return reports;
    }

    /// @param earlier releases of some of the libraries
    /// @return text by the name of the file
    static Map<String, String> pages(Map<Library, Report> reports, Map<Library, Report> earlier) {
        var pages = new TreeMap<String, String>();
        reports.forEach((library, report) ->
                pages.put(library.name() + ".txt", new CapabilityPage(library, report).text()));
        var updates = new StringBuilder();
        reports.forEach((after, report) ->
                earlier.forEach((before, old) -> {
                    if (before.isOf(after)) {
                        var name = "%s-since-%s.txt".formatted(after.name(), before.version());
                        pages.put(name, Comparison.between(old, report).text());
                        updates.append(
                                "- [%s, from %s to %s](%s)\n"
                                        .formatted(
                                                after.name(),
                                                before.version(),
                                                after.version(),
                                                name));
                    }
                }));
        pages.put("README.md", HEAD + table(reports) + UPDATES + updates + FOOT);
        return pages;
    }

    private static String table(Map<Library, Report> reports) {
        var capabilities = List.of(Capability.values());
        var text = new StringBuilder("| library |");
        capabilities.forEach(capability -> text.append(' ').append(capability.word()).append(" |"));
        text.append("\n|---|").append("---|".repeat(capabilities.size())).append('\n');
        reports.forEach((library, report) -> {
            text.append(
                    "| [%s](%s.txt) %s |"
                            .formatted(library.name(), library.name(), library.version()));
            text.append(
                    capabilities.stream()
                            .map(capability -> CapabilityPage.uses(report, capability).size())
                            .map(count -> count == 0 ? " |" : " " + count + " |")
                            .collect(Collectors.joining()));
            text.append('\n');
        });
        return text.toString();
    }
}
