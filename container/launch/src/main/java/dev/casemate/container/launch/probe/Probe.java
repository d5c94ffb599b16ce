package dev.casemate.container.launch.probe;

import dev.casemate.container.launch.probe.Attempt.Kind;
import dev.casemate.container.launch.probe.Attempt.Result;
import java.util.ArrayList;
import java.util.List;

/// Tries to get out of the container that it runs in, in every way that it knows, and prints one
/// JSON line per attempt: `{"attempt":..,"class":..,"held":true|false,"seen":..}`. The last line is
/// `{"summary":true,"attempts":..,"held":..,"open":..,"allowed":..,"reached":..}`. Whatever a line
/// says that is no JSON object comes from the runtime itself.
///
/// Every attempt is bounded and leaves the machine as it was: files are opened for writing rather
/// than written where that is proof enough, threads and memory end at a number. Connections are
/// tried to nothing but the addresses that were given.
///
/// Arguments: `--forbidden HOST:PORT` and `--allowed HOST:PORT` (each any number of times), `--name
/// NAME` to look up, `--tmp-bytes N` the size of /tmp, `--threads N` to start, and `--memory-bytes
/// N` to take at last, in place of the summary if that is stopped.
///
/// Exit code: 0 if everything held and all that is allowed was reached, else 1.
public final class Probe {

    private Probe() {}

    public static void main(String[] arguments) {
        var settings = ProbeSettings.read(List.of(arguments));
        var attempts = new ArrayList<Attempt>();
        attempts.addAll(NetworkAttempts.of(settings));
        attempts.addAll(ProcessAttempts.all());
        attempts.addAll(CodeAttempts.all());
        attempts.addAll(DocumentAttempts.of(settings));
        attempts.addAll(FileAttempts.all());
        attempts.addAll(ResourceAttempts.of(settings));
        var results = new ArrayList<Result>();
        for (var attempt : attempts) {
            var result = attempt.make();
            System.out.println(result.json());
            results.add(result);
        }
        System.exit(summary(results) ? 0 : 1);
    }

    private static boolean summary(List<Result> results) {
        long allowed = results.stream().filter(Probe::positive).count();
        long reached = results.stream().filter(Probe::positive).filter(r -> !r.held()).count();
        long held = results.stream().filter(r -> !positive(r)).filter(Result::held).count();
        long open = results.size() - allowed - held;
        System.out.println(
                "{\"summary\":true,\"attempts\":%d,\"held\":%d,\"open\":%d,\"allowed\":%d,\"reached\":%d}"
                        .formatted(results.size() - allowed, held, open, allowed, reached));
        return open == 0 && reached == allowed;
    }

    private static boolean positive(Result result) {
        return result.attempt().kind() == Kind.ALLOWED;
    }
}
