package dev.casemate.container.launch.trial;

import dev.casemate.container.launch.Control;
import dev.casemate.container.launch.LaunchException;
import dev.casemate.container.launch.LaunchException.Code;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What can be switched off for a trial, by the name on the command line.
public enum TrialControl {
    NET("net", "the network's name space, routes and rules", Control.NETWORK),
    SECCOMP("seccomp", "the list of system calls", Control.SECCOMP),
    READONLY("readonly", "read-only file systems, and nothing executed in /tmp", Control.READ_ONLY),
    CAPS("caps", "no capability; off: all of them", Control.CAPABILITIES),
    USER("user", "a user without rights; off: root", Control.USER),
    LIMITS("limits", "memory, processes, processor, descriptors, /tmp", Control.LIMITS),
    RUNTIME("runtime", "the sealed Java runtime; off: a whole JDK", null);

    private final String option;
    private final String meaning;
    private final Optional<Control> control;

    TrialControl(
            String option, String meaning, @org.jspecify.annotations.Nullable Control control) {
        this.option = option;
        this.meaning = meaning;
        this.control = Optional.ofNullable(control);
    }

    /// @throws LaunchException if no control has this name
    public static TrialControl of(String option) {
        return List.of(values()).stream()
                .filter(control -> control.option.equals(option))
                .findFirst()
                .orElseThrow(() ->
                        new LaunchException(
                                Code.INVALID_REQUEST,
                                "expected one of "
                                        + Arrays.stream(values())
                                                .map(TrialControl::option)
                                                .collect(Collectors.joining(", "))));
    }

    /// Its name on the command line.
    public String option() {
        return option;
    }

    String meaning() {
        return meaning;
    }

    /// The launcher's control; empty for what is in the image.
    Optional<Control> control() {
        return control;
    }
}
