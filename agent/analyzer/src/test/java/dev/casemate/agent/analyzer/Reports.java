package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Capability;
import dev.casemate.manifest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Reports that no analysis made, for what is done with reports.
final class Reports {

    private Reports() {}

    /// The same with other names for its jars.
    static Report renamed(Report report, UnaryOperator<String> name) {
        var jars = report.origins().stream().map(Origin::name).toList();
        UnaryOperator<String> origin = it -> jars.contains(it) ? name.apply(it) : it;
        var capabilities = new EnumMap<Capability, List<Witness>>(Capability.class);
        report.capabilities()
                .forEach((capability, witnesses) ->
                        capabilities.put(
                                capability,
                                witnesses.stream().map(it -> renamed(it, origin)).toList()));
        return new Report(
                report.origins().stream()
                        .map(it -> new Origin(name.apply(it.name()), it.digest(), it.classes()))
                        .toList(),
                report.runtime(),
                report.roots(),
                capabilities,
                report.uses().stream()
                        .map(it ->
                                new Use(
                                        it.capability(),
                                        origin.apply(it.origin()),
                                        it.method(),
                                        it.call()))
                        .toList(),
                report.assumptions(),
                report.tables(),
                report.reachableMethods());
    }

    private static Witness renamed(Witness witness, UnaryOperator<String> origin) {
        return new Witness(
                witness.steps().stream()
                        .map(it ->
                                new Step(
                                        it.link(),
                                        it.method(),
                                        origin.apply(it.origin()),
                                        it.because()))
                        .toList(),
                witness.reason(),
                origin.apply(witness.origin()),
                witness.roots());
    }

    /// A report in which each jar uses some capabilities, in the methods given.
    ///
    /// @param uses lines of `jar capability method`, for example `a-1.0.jar exec a.B.run()`
    static Report of(List<String> jars, String... uses) {
        var all = new TreeSet<Use>();
        var capabilities = new EnumMap<Capability, List<Witness>>(Capability.class);
        for (var line : uses) {
            var words = line.split(" ", 3);
            var capability =
                    Capability.valueOf(words[1].toUpperCase(Locale.ROOT).replace('-', '_'));
            all.add(new Use(capability, words[0], words[2], "java.lang.Sink.act()"));
            var witness =
                    new Witness(
                            List.of(
                                    new Step(Link.ROOT, words[2], words[0], List.of()),
                                    new Step(
                                            Link.CALL,
                                            "java.lang.Sink.act()",
                                            "java.base",
                                            List.of())),
                            "acts",
                            words[0],
                            List.of("main"));
            var had = capabilities.getOrDefault(capability, List.of());
            if (had.stream().noneMatch(it -> it.origin().equals(words[0]))) {
                capabilities.put(
                        capability, Stream.concat(had.stream(), Stream.of(witness)).toList());
            }
        }
        return new Report(
                jars.stream().map(jar -> new Origin(jar, digest(jar), 1)).toList(),
                "Java 25",
                List.of("main"),
                capabilities,
                List.copyOf(all),
                List.of("None."),
                Map.of("sinks", digest("sinks")),
                1);
    }

    static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
