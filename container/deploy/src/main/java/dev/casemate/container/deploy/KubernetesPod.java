package dev.casemate.container.deploy;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;

/// The pod, within the restricted pod security level and beyond it.
final class KubernetesPod {

    static final String NAME = "app.kubernetes.io/name";
    static final String AGENT = "casemate.dev/agent";

    private static final long USER = 65_532;
    private static final long TO_END_SECONDS = 30;
    // A read-only root leaves logs as all that counts here.
    private static final long EPHEMERAL_BYTES = 256L << 20;
    private static final int SHORT_HASH = 8;
    private static final int READABLE_BY_GROUP = 0440;

    private final Place.Kubernetes place;
    private final Subject subject;

    KubernetesPod(Place.Kubernetes place, Subject subject) {
        this.place = place;
        this.subject = subject;
    }

    /// Where the kubelet looks for the list, below its directory for profiles. The name changes
    /// with the list, so that a pod never starts under an older one.
    static String profile(Json.Obj calls) {
        return "casemate/seccomp-" + hash(calls) + ".json";
    }

    private static String hash(Json.Obj json) {
        return Digest.of(json).value().substring("sha256:".length()).substring(0, SHORT_HASH);
    }

    /// A name that changes with what is in them: they are immutable.
    String documentsName() {
        var all = Json.object();
        subject.documents(place::secretPath).forEach(all::put);
        all.put("arguments of the process", Json.strings(subject.arguments()));
        return subject.name() + "-" + hash(all.build());
    }

    static Json.Obj name(Subject subject) {
        return Json.object().put(NAME, subject.name()).build();
    }

    static Json.Obj selector(Subject subject) {
        return Json.object().put("matchLabels", name(subject)).build();
    }

    static Json.Obj labels(Subject subject) {
        var labels =
                Json.object()
                        .put(NAME, subject.name())
                        .put("app.kubernetes.io/managed-by", "casemate");
        if (subject instanceof ContainedAgent agent) {
            labels.put(AGENT, agent.agent().name());
        }
        return labels.build();
    }

    Json.Obj template() {
        return Json.object()
                .put("metadata", Json.object().put("labels", labels(subject)).build())
                .put("spec", pod())
                .build();
    }

    private Json.Obj pod() {
        var pod =
                Json.object()
                        .put("restartPolicy", subject.kind() == Kind.TASK ? "Never" : "Always")
                        .put("serviceAccountName", subject.name())
                        .put("automountServiceAccountToken", false)
                        .put("enableServiceLinks", false)
                        .put("hostNetwork", false)
                        .put("hostPID", false)
                        .put("hostIPC", false)
                        .put("terminationGracePeriodSeconds", TO_END_SECONDS)
                        .put("dnsPolicy", "None")
                        // Kubernetes wants one; nothing answers there.
                        .put(
                                "dnsConfig",
                                Json.object()
                                        .put("nameservers", Json.strings(List.of("127.0.0.1")))
                                        .build())
                        .put(
                                "nodeSelector",
                                Json.object().put("kubernetes.io/arch", "amd64").build())
                        .put("securityContext", podSecurity());
        place.runtimeClass().ifPresent(it -> pod.put("runtimeClassName", it.name()));
        if (subject.replicas() > 1) {
            pod.put("topologySpreadConstraints", Json.array(List.of(spread())));
        }
        return pod.put("containers", Json.array(List.of(container())))
                .put("volumes", Json.array(List.of(temporary(), mounted())))
                .build();
    }

    private Json.Obj spread() {
        return Json.object()
                .put("maxSkew", 1)
                .put("topologyKey", "kubernetes.io/hostname")
                .put("whenUnsatisfiable", "ScheduleAnyway")
                .put("labelSelector", selector(subject))
                .build();
    }

    private Json.Obj podSecurity() {
        var seccomp =
                subject.systemCalls()
                        .map(calls ->
                                Json.object()
                                        .put("type", "Localhost")
                                        .put("localhostProfile", profile(calls))
                                        .build())
                        .orElseGet(() -> Json.object().put("type", "RuntimeDefault").build());
        return Json.object()
                .put("runAsNonRoot", true)
                .put("runAsUser", USER)
                .put("runAsGroup", USER)
                .put("fsGroup", USER)
                .put("seccompProfile", seccomp)
                .build();
    }

    private Json.Obj container() {
        var container =
                Json.object()
                        .put("name", subject.kind() == Kind.PROXY ? "proxy" : "agent")
                        .put("image", subject.image())
                        .put("imagePullPolicy", "IfNotPresent")
                        .put("args", arguments());
        var environment = new ArrayList<Json>();
        subject.environment()
                .forEach((name, value) ->
                        environment.add(
                                Json.object().put("name", name).put("value", value).build()));
        if (!environment.isEmpty()) {
            container.put("env", Json.array(environment));
        }
        subject.inbound()
                .ifPresent(inbound ->
                        container
                                .put("ports", Json.array(List.of(port(inbound))))
                                .put("startupProbe", probe(inbound, 30))
                                .put("livenessProbe", probe(inbound, 3))
                                .put("readinessProbe", probe(inbound, 1)));
        return container
                .put("resources", resources())
                .put("securityContext", security())
                .put("volumeMounts", Json.array(mounts()))
                .build();
    }

    /// Kubernetes replaces `$(NAME)` in arguments, unless the dollar is doubled.
    private Json arguments() {
        return Json.strings(
                subject.arguments().stream().map(word -> word.replace("$", "$$")).toList());
    }

    private static Json.Obj port(Inbound inbound) {
        return Json.object()
                .put("name", "agents")
                .put("containerPort", inbound.port())
                .put("protocol", "TCP")
                .build();
    }

    private static Json.Obj probe(Inbound inbound, int failures) {
        return Json.object()
                .put("tcpSocket", Json.object().put("port", inbound.port()).build())
                .put("periodSeconds", 5)
                .put("timeoutSeconds", 3)
                .put("failureThreshold", failures)
                .build();
    }

    private Json.Obj resources() {
        var bounds = subject.bounds();
        var both =
                Json.object()
                        .put("cpu", bounds.cpuMillis() + "m")
                        .put("memory", Long.toString(bounds.memoryBytes()))
                        .put("ephemeral-storage", Long.toString(EPHEMERAL_BYTES))
                        .build();
        return Json.object().put("limits", both).put("requests", both).build();
    }

    private static Json.Obj security() {
        return Json.object()
                .put("allowPrivilegeEscalation", false)
                .put("privileged", false)
                .put("readOnlyRootFilesystem", true)
                .put("runAsNonRoot", true)
                .put(
                        "capabilities",
                        Json.object().put("drop", Json.strings(List.of("ALL"))).build())
                .build();
    }

    private List<Json.Obj> mounts() {
        var mounts = new ArrayList<Json.Obj>();
        mounts.add(Json.object().put("name", "tmp").put("mountPath", "/tmp").build());
        mounts.add(
                Json.object()
                        .put("name", "casemate")
                        .put("mountPath", Deployment.DIRECTORY)
                        .put("readOnly", true)
                        .build());
        if (subject instanceof InferenceProxy) {
            mounts.add(
                    Json.object()
                            .put("name", "ledger")
                            .put("mountPath", InferenceProxy.LEDGER)
                            .build());
        }
        return mounts;
    }

    private Json.Obj temporary() {
        return Json.object()
                .put("name", "tmp")
                .put(
                        "emptyDir",
                        Json.object()
                                .put("medium", "Memory")
                                .put("sizeLimit", Long.toString(subject.bounds().tmpBytes()))
                                .build())
                .build();
    }

    /// The documents, and each secret's member `value` under the name of its file.
    private Json.Obj mounted() {
        var sources = new ArrayList<Json.Obj>();
        sources.add(
                Json.object()
                        .put("configMap", Json.object().put("name", documentsName()).build())
                        .build());
        for (var secret : subject.secrets()) {
            var item = Json.object().put("key", "value").put("path", secret.file()).build();
            sources.add(
                    Json.object()
                            .put(
                                    "secret",
                                    Json.object()
                                            .put("name", secret.secret())
                                            .put("items", Json.array(List.of(item)))
                                            .build())
                            .build());
        }
        return Json.object()
                .put("name", "casemate")
                .put(
                        "projected",
                        Json.object()
                                .put("defaultMode", READABLE_BY_GROUP)
                                .put("sources", Json.array(sources))
                                .build())
                .build();
    }

    /// A claim of its own for each replica.
    Json.Obj ledger() {
        var proxy = (InferenceProxy) subject;
        var spec =
                Json.object()
                        .put("accessModes", Json.strings(List.of("ReadWriteOncePod")))
                        .put(
                                "resources",
                                Json.object()
                                        .put(
                                                "requests",
                                                Json.object()
                                                        .put(
                                                                "storage",
                                                                proxy.ledgerGibibytes() + "Gi")
                                                        .build())
                                        .build());
        place.storageClass().ifPresent(it -> spec.put("storageClassName", it));
        return Json.object()
                .put("metadata", Json.object().put("name", "ledger").build())
                .put("spec", spec.build())
                .build();
    }
}
