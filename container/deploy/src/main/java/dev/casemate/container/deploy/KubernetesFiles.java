package dev.casemate.container.deploy;

import dev.casemate.manifest.Digest;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The objects for one namespace, and the list of system calls that each node must have.
final class KubernetesFiles {

    private static final String CORE = "v1";
    private static final String RESTRICTED = "restricted";

    private final Place.Kubernetes place;
    private final Subject subject;
    private final KubernetesPod pod;

    private KubernetesFiles(Place.Kubernetes place, Subject subject) {
        this.place = place;
        this.subject = subject;
        pod = new KubernetesPod(place, subject);
    }

    static List<RenderedFile> of(Place.Kubernetes place, Subject subject) {
        var objects = new KubernetesFiles(place, subject);
        var files = new ArrayList<RenderedFile>();
        files.add(
                new RenderedFile(
                        subject.name() + ".yaml",
                        objects.all().stream()
                                .map(YamlText::of)
                                .collect(Collectors.joining("---\n"))));
        subject.systemCalls()
                .ifPresent(calls ->
                        files.add(
                                new RenderedFile(
                                        KubernetesPod.profile(calls), IndentedJson.of(calls))));
        return files;
    }

    private List<Json.Obj> all() {
        var objects = new ArrayList<Json.Obj>();
        objects.add(namespace());
        place.runtimeClass().ifPresent(it -> objects.add(runtimeClass(it)));
        objects.add(account());
        objects.add(documents());
        var network = new KubernetesNetwork(place, subject);
        objects.add(network.nothing());
        objects.add(network.exact());
        if (place.cilium()) {
            objects.add(network.cilium());
        }
        switch (subject.kind()) {
            case TASK -> objects.add(job());
            case WORKER -> {
                objects.add(deployment());
                objects.add(disruption());
            }
            case PROXY -> {
                objects.add(service());
                objects.add(statefulSet());
                objects.add(disruption());
            }
        }
        return objects;
    }

    static Json.Builder object(String version, String kind) {
        return Json.object().put("apiVersion", version).put("kind", kind);
    }

    private Json.Obj namespace() {
        var labels = Json.object();
        for (var mode : List.of("enforce", "audit", "warn")) {
            labels.put("pod-security.kubernetes.io/" + mode, RESTRICTED);
            labels.put("pod-security.kubernetes.io/" + mode + "-version", "latest");
        }
        return object(CORE, "Namespace")
                .put(
                        "metadata",
                        Json.object()
                                .put("name", place.namespace())
                                .put("labels", labels.build())
                                .build())
                .build();
    }

    private static Json.Obj runtimeClass(Place.RuntimeClass runtime) {
        return object("node.k8s.io/v1", "RuntimeClass")
                .put("metadata", Json.object().put("name", runtime.name()).build())
                .put("handler", runtime.handler())
                .build();
    }

    private Json.Obj account() {
        return object(CORE, "ServiceAccount")
                .put("metadata", metadata(subject.name()))
                .put("automountServiceAccountToken", false)
                .build();
    }

    private Json.Obj documents() {
        var data = Json.object();
        subject.documents(place::secretPath).forEach(data::put);
        return object(CORE, "ConfigMap")
                .put("metadata", metadata(pod.documentsName()))
                .put("immutable", true)
                .put("data", data.build())
                .build();
    }

    private Json.Obj metadata(String name) {
        return metadata(place, subject, name);
    }

    static Json.Obj metadata(Place.Kubernetes place, Subject subject, String name) {
        var metadata =
                Json.object()
                        .put("name", name)
                        .put("namespace", place.namespace())
                        .put("labels", KubernetesPod.labels(subject));
        subject.manifest()
                .map(Digest::value)
                .ifPresent(digest ->
                        metadata.put(
                                "annotations",
                                Json.object().put("casemate.dev/manifest", digest).build()));
        return metadata.build();
    }

    /// Not started again: that would be a second run under the first one's id.
    private Json.Obj job() {
        var deadline = subject.bounds().deadline().orElseThrow().toSeconds();
        return object("batch/v1", "Job")
                .put("metadata", metadata(pod.documentsName()))
                .put(
                        "spec",
                        Json.object()
                                .put("backoffLimit", 0)
                                .put("activeDeadlineSeconds", deadline)
                                .put("template", pod.template())
                                .build())
                .build();
    }

    private Json.Obj deployment() {
        return object("apps/v1", "Deployment")
                .put("metadata", metadata(subject.name()))
                .put(
                        "spec",
                        Json.object()
                                .put("replicas", subject.replicas())
                                .put("selector", KubernetesPod.selector(subject))
                                .put("template", pod.template())
                                .build())
                .build();
    }

    /// A replica keeps its ledger under its own name, for good.
    private Json.Obj statefulSet() {
        var retained =
                Json.object().put("whenDeleted", "Retain").put("whenScaled", "Retain").build();
        return object("apps/v1", "StatefulSet")
                .put("metadata", metadata(subject.name()))
                .put(
                        "spec",
                        Json.object()
                                .put("replicas", subject.replicas())
                                .put("serviceName", subject.name())
                                .put("podManagementPolicy", "Parallel")
                                .put("persistentVolumeClaimRetentionPolicy", retained)
                                .put("selector", KubernetesPod.selector(subject))
                                .put("template", pod.template())
                                .put("volumeClaimTemplates", Json.array(List.of(pod.ledger())))
                                .build())
                .build();
    }

    private Json.Obj service() {
        var inbound = subject.inbound().orElseThrow();
        var port =
                Json.object()
                        .put("name", "agents")
                        .put("protocol", "TCP")
                        .put("port", inbound.port())
                        .put("targetPort", inbound.port())
                        .build();
        return object(CORE, "Service")
                .put("metadata", metadata(subject.name()))
                .put(
                        "spec",
                        Json.object()
                                .put("type", "ClusterIP")
                                // Agents know the proxy by this address, not by a name.
                                .put("clusterIP", inbound.address())
                                .put("selector", KubernetesPod.name(subject))
                                .put("ports", Json.array(List.of(port)))
                                .build())
                .build();
    }

    private Json.Obj disruption() {
        return object("policy/v1", "PodDisruptionBudget")
                .put("metadata", metadata(subject.name()))
                .put(
                        "spec",
                        Json.object()
                                .put("maxUnavailable", 1)
                                .put("selector", KubernetesPod.selector(subject))
                                .build())
                .build();
    }
}
