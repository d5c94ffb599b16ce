package dev.casemate.container.deploy;

import java.util.Locale;

/// What a contained agent can be deployed on, besides the launcher.
public enum Platform {
    /// A unit file that podman 5 generates a systemd service from.
    QUADLET,
    /// A list of a ConfigMap, a NetworkPolicy and a Job, as JSON.
    KUBERNETES;

    /// The word for it in documents.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
