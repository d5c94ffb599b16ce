package dev.casemate.agent.testkit;

import dev.casemate.agent.testkit.TestkitException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a suite's folder: `suite.yaml`, and every other YAML file below it as one case or a list
/// of cases.
final class SuiteReader {

    static final int MAX_RUNS = 1_000;
    static final int MAX_CASES = 10_000;

    private static final int MAX_FOLDERS = 4;
    private static final int MAX_NAME_CHARS = 120;
    // A tag is a word on the command line; a suite's name is part of a run's id.
    private static final Pattern WORD = Pattern.compile("[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?");

    private SuiteReader() {}

    static EvaluationSuite read(Path folder) {
        var cases = new ArrayList<EvaluationCase>();
        var header = Optional.<EvaluationSuite.Header>empty();
        for (var file : files(folder)) {
            var name = folder.relativize(file).toString();
            var yaml = Yaml.read(file, name);
            if (name.equals(EvaluationSuite.FILE)) {
                header = Optional.of(yaml.mapping(SuiteReader::header));
            } else {
                cases.addAll(yaml.oneOrMore(SuiteReader::oneCase));
            }
        }
        if (header.isEmpty()) {
            throw new TestkitException(
                    Code.UNREADABLE_FILE,
                    folder.toString(),
                    "expected a file " + EvaluationSuite.FILE);
        }
        checkCases(folder, cases);
        return new EvaluationSuite(header.get(), cases);
    }

    private static List<Path> files(Path folder) {
        try (var all = Files.walk(folder, MAX_FOLDERS)) {
            var files = all.filter(Files::isRegularFile).sorted().toList();
            for (var file : files) {
                if (file.toString().endsWith(".yml")) {
                    throw new TestkitException(
                            Code.UNREADABLE_FILE,
                            folder.relativize(file).toString(),
                            "expected the ending .yaml; files with another are not read");
                }
            }
            return files.stream().filter(file -> file.toString().endsWith(".yaml")).toList();
        } catch (IOException e) {
            throw new TestkitException(
                    Code.UNREADABLE_FILE, folder.toString(), "expected a readable folder", e);
        }
    }

    private static void checkCases(Path folder, List<EvaluationCase> cases) {
        if (cases.isEmpty() || cases.size() > MAX_CASES) {
            throw new TestkitException(
                    Code.INVALID_VALUE,
                    folder.toString(),
                    "expected from 1 to " + MAX_CASES + " cases");
        }
        var places = new HashMap<String, String>();
        for (var it : cases) {
            var before = places.put(it.name(), it.place());
            if (before != null) {
                throw new TestkitException(
                        Code.BROKEN_REFERENCE,
                        it.place(),
                        "expected a name of its own; the case at " + before + " has the same");
            }
        }
    }

    private static EvaluationSuite.Header header(Yaml.Mapping keys) {
        var version = keys.take("apiVersion");
        if (!version.string().equals(EvaluationSuite.API_VERSION)) {
            throw version.refuse(Code.INVALID_VALUE, EvaluationSuite.API_VERSION);
        }
        return keys.take("thresholds")
                .mapping(thresholds ->
                        new EvaluationSuite.Header(
                                word(keys.take("name")),
                                keys.take("agent").string(),
                                keys.find("model").map(Yaml::string),
                                (int) keys.take("runs").whole(1, MAX_RUNS),
                                keys.take("seed").whole(0, Long.MAX_VALUE),
                                threshold(thresholds.take("all")),
                                threshold(thresholds.take("attacks"))));
    }

    private static Threshold threshold(Yaml yaml) {
        var threshold =
                yaml.mapping(keys ->
                        new Threshold(
                                keys.find("rate").map(Yaml::share),
                                keys.find("lower").map(Yaml::share)));
        if (threshold.rate().isEmpty() && threshold.lower().isEmpty()) {
            throw yaml.refuse(Code.MISSING_KEY, "rate, lower or both");
        }
        return threshold;
    }

    private static EvaluationCase oneCase(Yaml yaml) {
        return yaml.mapping(keys -> {
            var name = keys.take("name");
            if (name.string().length() > MAX_NAME_CHARS
                    || !Shown.line(name.string(), MAX_NAME_CHARS + 1).equals(name.string())) {
                throw name.refuse(
                        Code.INVALID_VALUE,
                        "one line of at most " + MAX_NAME_CHARS + " characters");
            }
            var script = ScriptReader.script(keys);
            boolean alwaysScripted = ScriptReader.alwaysScripted(keys, script);
            return new EvaluationCase(
                    name.string(),
                    yaml.where(),
                    tags(keys),
                    keys.take("task").string(),
                    keys.items("fixtures", CaseReader::fixture),
                    CaseReader.fixturesCover(keys),
                    keys.take("expect").mapping(CaseReader::expectations),
                    script,
                    alwaysScripted);
        });
    }

    private static Set<String> tags(Yaml.Mapping keys) {
        return new HashSet<>(keys.items("tags", SuiteReader::word));
    }

    private static String word(Yaml yaml) {
        if (!WORD.matcher(yaml.string()).matches()) {
            throw yaml.refuse(Code.INVALID_VALUE, "1 to 48 lower-case letters, digits and hyphens");
        }
        return yaml.string();
    }
}
