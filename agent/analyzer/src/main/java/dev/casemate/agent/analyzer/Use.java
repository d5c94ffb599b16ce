package dev.casemate.agent.analyzer;

import dev.casemate.manifest.Capability;
import java.util.Comparator;

/// A reachable method of the application that uses a capability.
///
/// Ordered by its members as they stand; two reports are compared by these.
///
/// @param origin the jar of the method, as [Origin#name] spells it
/// @param method for example `com.example.Prices.fetch(String)`
/// @param call the method of the JDK that it calls, or itself where it is native
public record Use(Capability capability, String origin, String method, String call)
        implements Comparable<Use> {

    private static final Comparator<Use> ORDER =
            Comparator.comparing(Use::capability)
                    .thenComparing(Use::origin)
                    .thenComparing(Use::method)
                    .thenComparing(Use::call);

    public Use {
        origin = Printable.text(origin);
        method = Printable.text(method);
        call = Printable.text(call);
    }

    @Override
    public int compareTo(Use other) {
        return ORDER.compare(this, other);
    }
}
