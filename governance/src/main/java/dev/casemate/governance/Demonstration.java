package dev.casemate.governance;

import dev.casemate.agent.analyzer.AgentApplication;
import dev.casemate.agent.analyzer.Analyzer;
import dev.casemate.agent.analyzer.Subject;
import dev.casemate.governance.GovernanceException.Code;
import dev.casemate.manifest.Capability;
import dev.casemate.proxy.audit.LedgerVerifier;
import dev.casemate.proxy.audit.VerifierKey;
import dev.casemate.proxy.console.Timeline;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Shows one agent at work and under attack, on real parts, with the record of it.
public final class Demonstration {

    private final AgentApplication agent;
    private final Path stage;
    private final Path work;
    private final Path cache;
    private final Optional<RealModel> model;
    private final PrintStream out;
    private final long started = System.nanoTime();

    /// @param work replaced if it is there; keeps the ledger afterwards
    /// @param cache kept between demonstrations
    /// @param out for people
    public Demonstration(
            AgentApplication agent,
            Path stage,
            Path work,
            Path cache,
            Optional<RealModel> model,
            PrintStream out) {
        this.agent = agent;
        this.stage = stage;
        this.work = work;
        this.cache = cache;
        this.model = model;
        this.out = out;
    }

    /// @return whether the task was done and every attack was held
    public boolean run() {
        say("CASEMATE: " + agent.manifest().name() + " " + agent.manifest().version());
        say("manifest  " + agent.manifest().digest());
        say(
                model.map(real ->
                                "model     " + real.model() + " for the task; attacks are scripted")
                        .orElse("model     the rehearsal model: scripted, no model is configured"));
        boolean declared = analyze();
        makeEmptyWork();
        try (var rehearsal = Rehearsal.open(agent, stage, work, cache, model, this::progress)) {
            var task = performTask(rehearsal);
            var evidence = drill(rehearsal);
            timeline(rehearsal, task.run());
            cost(rehearsal);
            boolean sound = verifyLedger(rehearsal);
            boolean held = declared && evidence.stream().allMatch(Evidence::held);
            say("");
            say(
                    task.done() && held && sound
                            ? "The task was done, every attack was held, and the ledger is sound."
                            : "NOT as it should be: see the lines marked FAILED above.");
            return task.done() && held && sound;
        }
    }

    /// The gate before every build: nothing reachable that the manifest does not declare.
    private boolean analyze() {
        progress("analyzing what the bytecode can reach");
        var report = Analyzer.analyze(Subject.of(agent));
        var absent = EnumSet.allOf(Capability.class);
        absent.removeAll(report.capabilities().keySet());
        say("bytecode  no path found to " + words(absent));
        var undeclared = report.undeclared(agent.manifest());
        say(
                undeclared.isEmpty()
                        ? "          everything it can reach is declared in the manifest"
                        : "FAILED    reachable but not declared: " + words(undeclared));
        return undeclared.isEmpty();
    }

    private static String words(Set<Capability> capabilities) {
        return capabilities.stream()
                .sorted()
                .map(Capability::word)
                .collect(Collectors.joining(", "));
    }

    private record Task(Run run, boolean done) {}

    private Task performTask(Rehearsal rehearsal) {
        heading("The task, through all three layers");
        say("question  " + rehearsal.stage().task());
        var run = rehearsal.task();
        var answer = run.answer().orElse("(none: the run ended as " + run.end() + ")");
        say("answer    " + answer);
        var expected = rehearsal.check();
        boolean agrees = expected.map(answer::contains).orElse(run.answer().isPresent());
        expected.ifPresent(value ->
                say((agrees ? "checked   " : "FAILED    ") + "the warehouse itself says " + value));
        say("tools     " + String.join(", ", run.answeredTools()));
        return new Task(run, agrees);
    }

    private List<Evidence> drill(Rehearsal rehearsal) {
        heading("A wholly hijacked model: seven threats");
        var current = new Threat[1];
        return Drill.run(
                rehearsal,
                evidence -> {
                    if (evidence.threat() != current[0]) {
                        current[0] = evidence.threat();
                        say("");
                        say(
                                "threat %d of %d: %s"
                                        .formatted(
                                                List.of(Threat.values()).indexOf(evidence.threat())
                                                        + 1,
                                                Threat.values().length,
                                                evidence.threat().title()));
                    }
                    say(
                            "  %-6s  %-16s  %s"
                                    .formatted(
                                            evidence.held() ? "held" : "FAILED",
                                            evidence.with().words(),
                                            evidence.attack()));
                    say("          %-16s  %s".formatted("", evidence.seen()));
                });
    }

    private void timeline(Rehearsal rehearsal, Run task) {
        heading("The task's run in the ledger: " + task.id());
        Timeline.of(task.id(), task.records()).text().lines().forEach(line -> say("  " + line));
        say("  (casemate audit timeline " + task.id() + " --ledger " + rehearsal.ledger() + ")");
    }

    private void cost(Rehearsal rehearsal) {
        heading("Tokens and cost");
        for (var row : rehearsal.gateway().meter().rows()) {
            say(
                    "  %s, team %s, workflow %s, model %s: %d exchanges, %d tokens in, %d out, %s USD"
                            .formatted(
                                    row.who().agent(),
                                    row.who().team(),
                                    row.who().workflow(),
                                    row.who().model(),
                                    row.exchanges(),
                                    row.usage().inputTokens(),
                                    row.usage().outputTokens(),
                                    plain(row.cost().usd())));
        }
        for (var status : rehearsal.gateway().budgets().status()) {
            say(
                    "  budget %s (%s): %s of %s USD used"
                            .formatted(
                                    status.budget().name(),
                                    status.value(),
                                    plain(status.used().usd()),
                                    plain(status.budget().limit().usd())));
        }
    }

    private boolean verifyLedger(Rehearsal rehearsal) {
        try {
            var key = VerifierKey.read(Files.readString(rehearsal.ledgerKey()));
            var found = LedgerVerifier.verify(rehearsal.ledger(), key);
            say(
                    "  ledger: %d records, %d signed, %s"
                            .formatted(
                                    found.records(),
                                    found.signed(),
                                    found.sound() ? "sound" : "FAILED " + found.defect()));
            return found.sound();
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected the ledger's public key", e);
        }
    }

    private static String plain(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }

    private void makeEmptyWork() {
        try {
            if (Files.exists(work)) {
                try (var files = Files.walk(work)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            Files.createDirectories(work.getParent());
            Files.createDirectory(
                    work,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new GovernanceException(Code.STAGE_FAILED, "expected to write to " + work, e);
        }
    }

    private void heading(String text) {
        say("");
        say("== " + text);
    }

    private void progress(String step) {
        var elapsed = Duration.ofNanos(System.nanoTime() - started);
        out.printf("[%3ds] %s%n", elapsed.toSeconds(), step);
    }

    private void say(String line) {
        out.println(line);
    }
}
