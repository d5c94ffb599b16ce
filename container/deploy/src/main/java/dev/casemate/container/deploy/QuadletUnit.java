package dev.casemate.container.deploy;

import dev.casemate.manifest.Deployment;
import java.math.BigDecimal;

/// The unit file.
final class QuadletUnit {

    private static final int GRACE_SECONDS = 10;

    private QuadletUnit() {}

    static String of(DeployRequest request) {
        var manifest = request.manifest();
        var limits = manifest.limits();
        return """
        # The network name space casemate-%1$s, its rules, and the files in /etc/casemate/%1$s have to be
        # there before: deployment.json, hosts, certificates (0444) and secrets (0400, user 65532).
        [Unit]
        Description=%1$s %2$s (manifest %3$s)

        [Container]
        ContainerName=casemate-%1$s
        Image=%4$s
        Pull=never
        Exec="%5$s"
        User=65532
        Group=65532
        ReadOnly=true
        ReadOnlyTmpfs=false
        Tmpfs=/tmp:rw,size=%6$d,mode=1777,noexec,nosuid,nodev
        Volume=/etc/casemate/%1$s:%7$s:ro,noexec,nosuid,nodev,private
        DropCapability=all
        NoNewPrivileges=true
        SeccompProfile=/etc/casemate/%1$s/seccomp.json
        PidsLimit=%8$d
        Ulimit=nofile=1024:1024
        Ulimit=core=0:0
        Network=ns:/run/netns/casemate-%1$s
        HostName=agent
        EnvironmentHost=false
        PodmanArgs=--memory=%9$d --memory-swap=%9$d --cpus=%10$s --ipc=none --dns=none --no-hosts --unsetenv-all

        [Service]
        Restart=no
        RuntimeMaxSec=%11$d
        """
                .formatted(
                        manifest.name(),
                        specifiers(manifest.version()),
                        manifest.digest().value(),
                        request.image(),
                        quoted(request.task()),
                        limits.tmpBytes(),
                        Deployment.DIRECTORY,
                        limits.pids(),
                        limits.memoryBytes(),
                        BigDecimal.valueOf(limits.cpuMillis(), 3),
                        limits.deadline().toSeconds() + GRACE_SECONDS);
    }

    /// One word for systemd: no variable, no specifier, no second word.
    private static String quoted(String text) {
        return specifiers(text).replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$");
    }

    private static String specifiers(String text) {
        return text.replace("%", "%%");
    }
}
