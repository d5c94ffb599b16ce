package dev.casemate.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// What one contestant did in one round.
///
/// @param cpuMicros processor time of the contestant alone
record Round(long requests, double seconds, double p50Micros, double p99Micros, double cpuMicros) {

    double requestsPerSecond() {
        return requests / seconds;
    }

    double cpuMillisPer1000() {
        return cpuMicros / requests;
    }

    static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        var sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
