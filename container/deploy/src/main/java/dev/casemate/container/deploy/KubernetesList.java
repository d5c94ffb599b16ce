package dev.casemate.container.deploy;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.util.List;

/// The objects. A run is a Job: it has one task, one end and a deadline, and is not started again.
final class KubernetesList {

    private static final long USER = 65_532;
    private static final long GRACE_SECONDS = 10;

    private final DeployRequest request;
    private final String name;

    private KubernetesList(DeployRequest request) {
        this.request = request;
        name = "casemate-" + request.manifest().name();
    }

    static Json.Obj of(DeployRequest request) {
        var objects = new KubernetesList(request);
        return Json.object()
                .put("apiVersion", "v1")
                .put("kind", "List")
                .put(
                        "items",
                        Json.array(List.of(objects.files(), objects.network(), objects.job())))
                .build();
    }

    private Json.Obj metadata() {
        return Json.object()
                .put("name", name)
                .put("labels", labels())
                .put(
                        "annotations",
                        Json.object()
                                .put("casemate.dev/manifest", request.manifest().digest().value())
                                .build())
                .build();
    }

    private Json.Obj labels() {
        return Json.object().put("casemate.dev/agent", request.manifest().name()).build();
    }

    private Json.Obj files() {
        return Json.object()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put("metadata", metadata())
                .put("immutable", true)
                .put(
                        "data",
                        Json.object()
                                .put("deployment.json", request.deployment().toJson().text())
                                .put("hosts", request.hosts())
                                .build())
                .build();
    }

    private Json.Obj network() {
        var egress =
                request.targets().stream()
                        .map(target ->
                                Json.object()
                                        .put("to", Json.array(List.of(block(target))))
                                        .put("ports", Json.array(List.of(port(target))))
                                        .build())
                        .toList();
        return Json.object()
                .put("apiVersion", "networking.k8s.io/v1")
                .put("kind", "NetworkPolicy")
                .put("metadata", metadata())
                .put(
                        "spec",
                        Json.object()
                                .put(
                                        "podSelector",
                                        Json.object().put("matchLabels", labels()).build())
                                .put("policyTypes", Json.strings(List.of("Ingress", "Egress")))
                                .put("ingress", Json.array(List.of()))
                                .put("egress", Json.array(egress))
                                .build())
                .build();
    }

    private static Json.Obj block(Target target) {
        var cidr = Json.object().put("cidr", target.address() + "/32").build();
        return Json.object().put("ipBlock", cidr).build();
    }

    private static Json.Obj port(Target target) {
        return Json.object().put("protocol", "TCP").put("port", target.port()).build();
    }

    private Json.Obj job() {
        var template =
                Json.object()
                        .put("metadata", Json.object().put("labels", labels()).build())
                        .put("spec", pod())
                        .build();
        return Json.object()
                .put("apiVersion", "batch/v1")
                .put("kind", "Job")
                .put("metadata", metadata())
                .put(
                        "spec",
                        Json.object()
                                .put("backoffLimit", 0)
                                .put(
                                        "activeDeadlineSeconds",
                                        request.manifest().limits().deadline().toSeconds()
                                                + GRACE_SECONDS)
                                .put("template", template)
                                .build())
                .build();
    }

    private Json.Obj pod() {
        return Json.object()
                .put("restartPolicy", "Never")
                .put("automountServiceAccountToken", false)
                .put("enableServiceLinks", false)
                .put("hostNetwork", false)
                .put("dnsPolicy", "None")
                // Kubernetes wants one; nothing answers there.
                .put(
                        "dnsConfig",
                        Json.object()
                                .put("nameservers", Json.strings(List.of("127.0.0.1")))
                                .build())
                .put("securityContext", podSecurity())
                .put("containers", Json.array(List.of(container())))
                .put("volumes", Json.array(List.of(temporary(), mounted())))
                .build();
    }

    private static Json.Obj podSecurity() {
        return Json.object()
                .put("runAsNonRoot", true)
                .put("runAsUser", USER)
                .put("runAsGroup", USER)
                .put("fsGroup", USER)
                .put(
                        "seccompProfile",
                        Json.object()
                                .put("type", "Localhost")
                                .put("localhostProfile", "casemate/portable.json")
                                .build())
                .build();
    }

    private Json.Obj container() {
        var limits = request.manifest().limits();
        var bounds =
                Json.object()
                        .put("cpu", limits.cpuMillis() + "m")
                        .put("memory", Long.toString(limits.memoryBytes()))
                        .build();
        return Json.object()
                .put("name", "agent")
                .put("image", request.image())
                .put("args", Json.strings(List.of(request.task())))
                .put(
                        "resources",
                        Json.object().put("limits", bounds).put("requests", bounds).build())
                .put(
                        "securityContext",
                        Json.object()
                                .put("allowPrivilegeEscalation", false)
                                .put("privileged", false)
                                .put("readOnlyRootFilesystem", true)
                                .put(
                                        "capabilities",
                                        Json.object()
                                                .put("drop", Json.strings(List.of("ALL")))
                                                .build())
                                .build())
                .put(
                        "volumeMounts",
                        Json.array(
                                List.of(
                                        Json.object()
                                                .put("name", "tmp")
                                                .put("mountPath", "/tmp")
                                                .build(),
                                        Json.object()
                                                .put("name", "casemate")
                                                .put("mountPath", Deployment.DIRECTORY)
                                                .put("readOnly", true)
                                                .build())))
                .build();
    }

    private Json.Obj temporary() {
        return Json.object()
                .put("name", "tmp")
                .put(
                        "emptyDir",
                        Json.object()
                                .put("medium", "Memory")
                                .put(
                                        "sizeLimit",
                                        Long.toString(request.manifest().limits().tmpBytes()))
                                .build())
                .build();
    }

    /// The documents, and the secret of the same name with certificates and credentials.
    private Json.Obj mounted() {
        var source = Json.object().put("name", name).build();
        return Json.object()
                .put("name", "casemate")
                .put(
                        "projected",
                        Json.object()
                                .put("defaultMode", 0440)
                                .put(
                                        "sources",
                                        Json.array(
                                                List.of(
                                                        Json.object()
                                                                .put("configMap", source)
                                                                .build(),
                                                        Json.object()
                                                                .put("secret", source)
                                                                .build())))
                                .build())
                .build();
    }
}
