package dev.casemate.container.deploy;

/// What a contained agent, or the proxy, can be deployed on besides the launcher.
public enum Platform {
    KUBERNETES("k8s", "Kubernetes"),
    ECS("ecs", "Amazon ECS on Fargate"),
    SPCS("spcs", "Snowpark Container Services"),
    PODMAN("podman", "podman under systemd");

    private final String word;
    private final String title;

    Platform(String word, String title) {
        this.word = word;
        this.title = title;
    }

    /// The word for it on the command line, in the bindings file and in `gaps.json`.
    public String word() {
        return word;
    }

    /// Its name, for people.
    public String title() {
        return title;
    }
}
