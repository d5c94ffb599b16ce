package dev.casemate.container.deploy;

import dev.casemate.manifest.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A unit that podman's generator makes a service from, the service that makes its network, and the
/// files that both name under /etc/casemate.
final class PodmanFiles {

    private static final int USER = 65_532;
    private static final int TO_END_SECONDS = 25;

    private final Place.Podman place;
    private final Subject subject;

    private PodmanFiles(Place.Podman place, Subject subject) {
        this.place = place;
        this.subject = subject;
    }

    static List<RenderedFile> of(Place.Podman place, Subject subject) {
        var podman = new PodmanFiles(place, subject);
        var files = new ArrayList<RenderedFile>();
        for (int i = 0; i < subject.replicas(); i++) {
            var unit = subject.replicas() == 1 ? subject.name() : subject.name() + "-" + i;
            files.add(new RenderedFile(unit + ".container", podman.unit(unit)));
            files.addAll(PodmanNetwork.of(place, subject, unit, i));
        }
        subject.documents(place::secretPath)
                .forEach((file, text) ->
                        files.add(new RenderedFile(podman.directory() + "/" + file, text)));
        subject.systemCalls()
                .ifPresent(calls ->
                        files.add(
                                new RenderedFile(
                                        podman.directory() + "/seccomp.json",
                                        IndentedJson.of(calls))));
        return files;
    }

    private String directory() {
        return "etc/casemate/" + subject.name();
    }

    private String unit(String unit) {
        var bounds = subject.bounds();
        return """
        [Unit]
        Description=Casemate: %1$s
        Requires=%2$s-network.service
        After=%2$s-network.service
        StartLimitIntervalSec=600
        StartLimitBurst=5

        [Container]
        ContainerName=%2$s
        Image=%3$s
        Pull=never
        Exec=%4$s
        User=%5$d
        Group=%5$d
        ReadOnly=true
        ReadOnlyTmpfs=false
        Tmpfs=/tmp:rw,size=%6$d,mode=1777,noexec,nosuid,nodev
        %7$s
        DropCapability=all
        NoNewPrivileges=true
        %8$sPidsLimit=%9$d
        Ulimit=nofile=%14$d:%14$d
        Ulimit=core=0:0
        Network=ns:/run/netns/%2$s
        HostName=%10$s
        EnvironmentHost=false
        %11$sPodmanArgs=--memory=%12$d --memory-swap=%12$d --cpus=%13$s --ipc=none --cgroupns=private
        PodmanArgs=--dns=none --no-hosts --unsetenv-all --http-proxy=false --image-volume=ignore
        PodmanArgs=--security-opt=mask=/dev/mqueue --stop-timeout=%17$d
        %15$s
        [Service]
        %16$s\
        """
                .formatted(
                        subject.name(),
                        unit,
                        subject.image(),
                        subject.arguments().stream()
                                .map(PodmanFiles::quoted)
                                .collect(Collectors.joining(" ")),
                        USER,
                        bounds.tmpBytes(),
                        mounts(unit),
                        systemCalls(),
                        bounds.pids(),
                        subject.kind() == Kind.PROXY ? "proxy" : "agent",
                        environment(),
                        bounds.memoryBytes(),
                        bounds.cpus(),
                        subject.kind() == Kind.PROXY ? 65_536 : 1_024,
                        disk(),
                        service(),
                        TO_END_SECONDS);
    }

    private String mounts(String unit) {
        var lines = new ArrayList<String>();
        for (var file : subject.documents(place::secretPath).keySet()) {
            lines.add(
                    "Volume=/%s/%s:%s/%s:ro,noexec,nosuid,nodev,private"
                            .formatted(directory(), file, Deployment.DIRECTORY, file));
        }
        for (var secret : subject.secrets()) {
            lines.add(
                    "Secret=%1$s,type=mount,target=%2$s,uid=%3$d,gid=%3$d,mode=0400"
                            .formatted(secret.secret(), place.secretPath(secret.file()), USER));
        }
        if (subject instanceof InferenceProxy) {
            lines.add(
                    "Volume=/var/lib/casemate/%s:%s:rw,noexec,nosuid,nodev,private"
                            .formatted(unit, InferenceProxy.LEDGER));
        }
        return String.join("\n", lines);
    }

    private String systemCalls() {
        return subject.systemCalls()
                .map(_ -> "SeccompProfile=/%s/seccomp.json\n".formatted(directory()))
                .orElse("");
    }

    private String environment() {
        return subject.environment().entrySet().stream()
                .map(variable ->
                        "Environment=%s\n"
                                .formatted(quoted(variable.getKey() + "=" + variable.getValue())))
                .collect(Collectors.joining());
    }

    private String disk() {
        if (!(subject instanceof ContainedAgent agent)) {
            return "";
        }
        var bytes = agent.agent().limits().ioBytesPerSecond();
        return place.disk()
                .map(disk ->
                        "PodmanArgs=--device-read-bps=%1$s:%2$d --device-write-bps=%1$s:%2$d\n"
                                .formatted(disk, bytes))
                .orElse("");
    }

    /// What goes on is started again, five times in ten minutes and no more; a run is not.
    private String service() {
        return switch (subject.kind()) {
            case TASK ->
                    """
                    Restart=no
                    RuntimeMaxSec=%d
                    """
                            .formatted(subject.bounds().deadline().orElseThrow().toSeconds());
            case WORKER, PROXY ->
                    """
                    Restart=on-failure
                    RestartSec=5
                    TimeoutStopSec=%d

                    [Install]
                    WantedBy=multi-user.target
                    """
                            .formatted(TO_END_SECONDS + 5);
        };
    }

    /// One word for systemd: no variable, no specifier, no second word.
    private static String quoted(String text) {
        return "\""
                + text.replace("%", "%%")
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("$", "$$")
                + "\"";
    }
}
