package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.trial.Finding.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Attempts as a table of system calls, and what their results say.
final class NativeAttempts {

    // Not in this kernel: ENOSYS, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EOPNOTSUPP, EAFNOSUPPORT.
    private static final Set<Long> ABSENT = Set.of(38L, 93L, 94L, 95L, 97L);

    private final NativeProgram program = new NativeProgram();
    private final List<Try> tries = new ArrayList<>();
    private String area = "";

    /// One attempt: calls that prepare it, calls that decide, calls that clean up.
    final class Try {
        private final String area = NativeAttempts.this.area;
        private final String name;
        private final int first = program.next();
        private final List<Integer> prepared = new ArrayList<>();
        private final List<Decision> decisions = new ArrayList<>();
        private boolean mayKill;
        private int end = first;

        private Try(String name) {
            this.name = name;
        }

        /// A call without which the rest has no point.
        Try prepare(long number, long... arguments) {
            prepared.add(add(number, arguments));
            return this;
        }

        /// A call that decides: the attempt came about if it returns no error.
        Try decide(long number, long... arguments) {
            decisions.add(new Decision(add(number, arguments), 0, Set.of()));
            return this;
        }

        /// As [#decide], and a result of 0 is the child.
        Try fork(long number, long... arguments) {
            int call = program.add(number, arguments, true, 1);
            decisions.add(new Decision(call, 0, Set.of()));
            return this;
        }

        /// As [#decide], if all of the repetitions return no error.
        Try decideRepeated(long repeats, long number, long... arguments) {
            decisions.add(
                    new Decision(program.add(number, arguments, false, repeats), 0, Set.of()));
            return this;
        }

        /// These errors of the last deciding call say as well that the call is open to the caller.
        Try orErrors(Integer... errors) {
            var last = decisions.removeLast();
            decisions.add(new Decision(last.call, last.least, Set.of(errors)));
            return this;
        }

        /// What the last deciding call returns at least if it came about.
        Try atLeast(long least) {
            var last = decisions.removeLast();
            decisions.add(new Decision(last.call, least, last.errors));
            return this;
        }

        /// A call that says nothing, whatever it returns.
        Try then(long number, long... arguments) {
            add(number, arguments);
            return this;
        }

        /// It may be answered by the process's end.
        Try mayKill() {
            mayKill = true;
            return this;
        }

        /// The result of the latest call, as an argument.
        long result() {
            return NativeProgram.resultOf(program.next() - 1);
        }

        private int add(long number, long... arguments) {
            return program.add(number, arguments, false, 1);
        }

        private void close() {
            end = program.next();
            prepared.forEach(call -> program.skip(call, end));
        }

        private Finding finding(Map<Integer, Long> results, boolean killed) {
            for (var decision : decisions) {
                var result = results.get(decision.call);
                if (result != null && decision.cameAbout(result)) {
                    return finding(Outcome.CAME_ABOUT, shown(result));
                }
            }
            for (int call = end - 1; call >= first; call--) {
                var result = results.get(call);
                if (result != null && counts(call)) {
                    return result < 0
                            ? finding(outcome(result), shown(result))
                            : finding(Outcome.HELD, "no answer");
                }
            }
            return mayKill && killed
                    ? finding(Outcome.HELD, "the process was killed")
                    : finding(Outcome.NOT_TRIED, "the probe ended before");
        }

        private boolean counts(int call) {
            return prepared.contains(call)
                    || decisions.stream().anyMatch(decision -> decision.call == call);
        }

        private static Outcome outcome(long result) {
            return ABSENT.contains(-result) ? Outcome.ABSENT : Outcome.HELD;
        }

        private Finding finding(Outcome outcome, String seen) {
            return new Finding("native", area, name, outcome, seen);
        }

        private static String shown(long result) {
            return result < 0 ? SystemErrors.name(-result) : "done";
        }
    }

    private record Decision(int call, long least, Set<Integer> errors) {
        boolean cameAbout(long result) {
            return result < 0 ? errors.contains((int) -result) : result >= least;
        }
    }

    /// What the following attempts are made against.
    void area(String name) {
        area = name;
    }

    Try attempt(String name) {
        closeLast();
        var made = new Try(name);
        tries.add(made);
        return made;
    }

    NativeProgram program() {
        return program;
    }

    byte[] file() {
        closeLast();
        return program.file();
    }

    /// @param lines what the program wrote
    /// @param killed whether it was killed in the end
    List<Finding> findings(List<String> lines, boolean killed) {
        var results = new HashMap<Integer, Long>();
        for (var line : lines) {
            if (line.matches("[0-9a-f]{4} [0-9a-f]{16}")) {
                results.put(
                        Integer.parseInt(line.substring(0, 4), 16),
                        Long.parseUnsignedLong(line.substring(5), 16));
            }
        }
        return tries.stream().map(made -> made.finding(results, killed)).toList();
    }

    private void closeLast() {
        if (!tries.isEmpty()) {
            tries.getLast().close();
        }
    }
}
