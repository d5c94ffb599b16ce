package dev.casemate.agent.testkit;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Cases that an agent is evaluated on, as a folder of YAML files; docs/evaluate-an-agent.md has
/// the format.
public final class EvaluationSuite {

    /// The version of the format, in the key `apiVersion` of `suite.yaml`.
    public static final String API_VERSION = "casemate.dev/suite/v1";

    /// The file that makes a folder a suite.
    public static final String FILE = "suite.yaml";

    /// What `suite.yaml` says.
    ///
    /// @param agent the manifest's name
    /// @param model one of the manifest's models; empty for the first
    /// @param runs of each case with a real model
    record Header(
            String name,
            String agent,
            Optional<String> model,
            int runs,
            long seed,
            Threshold all,
            Threshold attacks) {}

    private final Header header;
    private final List<EvaluationCase> cases;

    EvaluationSuite(Header header, List<EvaluationCase> cases) {
        this.header = header;
        this.cases = List.copyOf(cases);
    }

    /// Reads a whole folder.
    ///
    /// @throws TestkitException naming file and line of the first thing that is wrong
    public static EvaluationSuite read(Path folder) {
        return SuiteReader.read(folder);
    }

    public String name() {
        return header.name();
    }

    /// How many cases there are.
    public int size() {
        return cases.size();
    }

    /// How many of them are attacks.
    public int attacks() {
        return (int) cases.stream().filter(EvaluationCase::isAttack).count();
    }

    public Set<String> tags() {
        var tags = new HashSet<String>();
        cases.forEach(it -> tags.addAll(it.tags()));
        return tags;
    }

    /// The same suite with only the cases that carry a tag.
    public EvaluationSuite tagged(String tag) {
        return only(it -> it.tags().contains(tag));
    }

    /// The same suite without the cases that carry a tag.
    public EvaluationSuite without(String tag) {
        return only(it -> !it.tags().contains(tag));
    }

    private EvaluationSuite only(Predicate<EvaluationCase> kept) {
        return new EvaluationSuite(header, cases.stream().filter(kept).toList());
    }

    Header header() {
        return header;
    }

    List<EvaluationCase> cases() {
        return cases;
    }
}
