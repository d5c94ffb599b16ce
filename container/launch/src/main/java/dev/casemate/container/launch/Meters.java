package dev.casemate.container.launch;

import dev.casemate.manifest.Json;
import java.util.EnumMap;
import java.util.Map;

/// What was counted of a container. A meter that this machine does not have, or that was not read
/// before the container was gone, is absent: absent is not zero.
public record Meters(Map<Meter, Long> values) {

    /// Nothing was counted.
    public static final Meters NONE = new Meters(Map.of());

    public Meters {
        values = Map.copyOf(values);
    }

    /// What was counted, or 0 where nothing was: for asking whether something was seen.
    public long seen(Meter meter) {
        return values.getOrDefault(meter, 0L);
    }

    /// What came in between.
    Meters since(Meters earlier) {
        var difference = new EnumMap<Meter, Long>(Meter.class);
        values.forEach((meter, value) -> difference.put(meter, value - earlier.seen(meter)));
        return new Meters(difference);
    }

    /// The meters by their words, in the order of [Meter].
    public Json.Obj toJson() {
        var json = Json.object();
        for (var meter : Meter.values()) {
            var value = values.get(meter);
            if (value != null) {
                json.put(meter.word(), value);
            }
        }
        return json.build();
    }
}
