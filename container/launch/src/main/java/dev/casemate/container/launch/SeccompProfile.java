package dev.casemate.container.launch;

import dev.casemate.manifest.Json;
import dev.casemate.manifest.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The system calls that an agent may make, as podman and Docker read them; every other one fails
/// with EPERM.
///
/// The list is data, `seccomp.json` beside this class, with a reason for each group.
public final class SeccompProfile {

    private static final long EPERM = 1;
    private static final String RESOURCE = "seccomp.json";

    private SeccompProfile() {}

    /// The list for a container runtime of which nothing is known.
    public static Json.Obj portable() {
        return of(false);
    }

    /// @param execOnce whether the container runtime's own exec can be told from the agent's
    static Json.Obj of(boolean execOnce) {
        return of(execOnce, groups());
    }

    /// The same of other groups than those of the data.
    static Json.Obj of(boolean execOnce, List<Json.Obj> groups) {
        var mode = execOnce ? "exec-once" : "portable";
        var calls = new ArrayList<Json>();
        for (var group : groups) {
            if (group.text("when").orElse(mode).equals(mode)) {
                calls.add(rule(group));
            }
        }
        return Json.object()
                .put("defaultAction", "SCMP_ACT_ERRNO")
                .put("defaultErrnoRet", EPERM)
                .put("architectures", Json.strings(List.of("SCMP_ARCH_X86_64")))
                .put("syscalls", Json.array(calls))
                .build();
    }

    static List<Json.Obj> groups() {
        try (var stream = SeccompProfile.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("expected the resource " + RESOURCE);
            }
            var document = (Json.Obj) JsonReader.read(stream.readAllBytes());
            return objects(document, "groups");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Json.Obj> objects(Json.Obj parent, String name) {
        return parent.get(name).map(json -> ((Json.Arr) json).items()).orElse(List.of()).stream()
                .map(Json.Obj.class::cast)
                .toList();
    }

    private static Json.Obj rule(Json.Obj group) {
        var rule = Json.object().put("names", group.get("names").orElseThrow());
        var errno = group.text("errno");
        if (errno.isPresent()) {
            rule.put("action", "SCMP_ACT_ERRNO").put("errnoRet", number(errno.get()));
        } else {
            rule.put("action", "SCMP_ACT_ALLOW");
        }
        var arguments = objects(group, "arguments").stream().map(SeccompProfile::argument).toList();
        return arguments.isEmpty() ? rule.build() : rule.put("args", Json.array(arguments)).build();
    }

    private static Json.Obj argument(Json.Obj argument) {
        var rule = Json.object().put("index", argument.get("index").orElseThrow());
        var below = argument.text("below");
        var from = argument.text("from");
        var mask = argument.text("mask");
        if (below.isPresent()) {
            return rule.put("op", "SCMP_CMP_LT").put("value", number(below.get())).build();
        }
        if (from.isPresent()) {
            return rule.put("op", "SCMP_CMP_GE").put("value", number(from.get())).build();
        }
        var value = number(argument.text("value").orElseThrow());
        return mask.isPresent()
                ? rule.put("op", "SCMP_CMP_MASKED_EQ")
                        .put("value", number(mask.get()))
                        .put("valueTwo", value)
                        .build()
                : rule.put("op", "SCMP_CMP_EQ").put("value", value).build();
    }

    /// Unsigned 64-bit numbers, written in hexadecimal in the data.
    private static Json number(String hexadecimal) {
        return Json.of(new BigDecimal(new BigInteger(hexadecimal.substring(2), 16)));
    }
}
