package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;

/// Nothing may pass, in either direction, but what the bindings name.
final class KubernetesNetwork {

    private static final String POLICIES = "networking.k8s.io/v1";
    private static final String NAMESPACE = "kubernetes.io/metadata.name";

    private final Place.Kubernetes place;
    private final Subject subject;

    KubernetesNetwork(Place.Kubernetes place, Subject subject) {
        this.place = place;
        this.subject = subject;
    }

    /// For every pod of the namespace, also of those that somebody starts there later.
    Json.Obj nothing() {
        return KubernetesFiles.object(POLICIES, "NetworkPolicy")
                .put(
                        "metadata",
                        Json.object()
                                .put("name", "default-deny")
                                .put("namespace", place.namespace())
                                .build())
                .put("spec", spec(Json.object().build(), List.of(), List.of()))
                .build();
    }

    Json.Obj exact() {
        var egress =
                subject.targets().stream()
                        .map(target -> rule("to", List.of(peer(target)), target.port()))
                        .distinct()
                        .toList();
        return KubernetesFiles.object(POLICIES, "NetworkPolicy")
                .put("metadata", KubernetesFiles.metadata(place, subject, subject.name()))
                .put("spec", spec(KubernetesPod.selector(subject), ingress(), egress))
                .build();
    }

    private static Json.Obj spec(Json.Obj selector, List<Json.Obj> in, List<Json.Obj> out) {
        return Json.object()
                .put("podSelector", selector)
                .put("policyTypes", Json.strings(List.of("Ingress", "Egress")))
                .put("ingress", Json.array(in))
                .put("egress", Json.array(out))
                .build();
    }

    private List<Json.Obj> ingress() {
        return subject.inbound()
                .map(inbound -> {
                    var from = new ArrayList<Json.Obj>();
                    inbound.clients().forEach(network -> from.add(block(network)));
                    place.clientNamespaces().forEach(it -> from.add(agentsIn(it)));
                    return List.of(rule("from", from, inbound.port()));
                })
                .orElse(List.of());
    }

    private static Json.Obj rule(String direction, List<Json.Obj> peers, int port) {
        var ports = Json.object().put("protocol", "TCP").put("port", port).build();
        return Json.object()
                .put(direction, Json.array(peers))
                .put("ports", Json.array(List.of(ports)))
                .build();
    }

    private Json.Obj peer(Target target) {
        return place.proxyNamespace()
                .filter(_ -> isProxy(target))
                .map(KubernetesNetwork::proxyIn)
                .orElseGet(() -> block(target.network()));
    }

    private boolean isProxy(Target target) {
        return subject.kind() != Kind.PROXY && target.name().equals(Target.PROXY);
    }

    private static Json.Obj block(String network) {
        return Json.object().put("ipBlock", Json.object().put("cidr", network).build()).build();
    }

    private static Json.Obj proxyIn(String namespace) {
        return pods(
                namespace,
                matching(Json.object().put(KubernetesPod.NAME, "casemate-proxy").build()));
    }

    private static Json.Obj agentsIn(String namespace) {
        var isAgent =
                Json.object().put("key", KubernetesPod.AGENT).put("operator", "Exists").build();
        return pods(
                namespace,
                Json.object().put("matchExpressions", Json.array(List.of(isAgent))).build());
    }

    private static Json.Obj pods(String namespace, Json.Obj selector) {
        return Json.object()
                .put("namespaceSelector", matching(Json.object().put(NAMESPACE, namespace).build()))
                .put("podSelector", selector)
                .build();
    }

    private static Json.Obj matching(Json.Obj labels) {
        return Json.object().put("matchLabels", labels).build();
    }

    /// The same for Cilium, whose rules hold between a pod and its own node as well.
    Json.Obj cilium() {
        var egress = subject.targets().stream().map(this::ciliumEgress).distinct().toList();
        var both = Json.object().put("egress", true).put("ingress", true).build();
        return KubernetesFiles.object("cilium.io/v2", "CiliumNetworkPolicy")
                .put("metadata", KubernetesFiles.metadata(place, subject, subject.name()))
                .put(
                        "spec",
                        Json.object()
                                .put("endpointSelector", KubernetesPod.selector(subject))
                                .put("enableDefaultDeny", both)
                                .put("ingress", Json.array(ciliumIngress()))
                                .put("egress", Json.array(egress))
                                .build())
                .build();
    }

    private Json.Obj ciliumEgress(Target target) {
        var rule = Json.object();
        place.proxyNamespace()
                .filter(_ -> isProxy(target))
                .ifPresentOrElse(
                        namespace ->
                                rule.put(
                                        "toEndpoints", Json.array(List.of(ciliumProxy(namespace)))),
                        () -> rule.put("toCIDR", Json.strings(List.of(target.network()))));
        return rule.put("toPorts", ciliumPort(target.port())).build();
    }

    private static Json.Obj ciliumProxy(String namespace) {
        return matching(
                Json.object()
                        .put("k8s:io.kubernetes.pod.namespace", namespace)
                        .put("k8s:" + KubernetesPod.NAME, "casemate-proxy")
                        .build());
    }

    private List<Json.Obj> ciliumIngress() {
        return subject.inbound()
                .map(inbound -> {
                    var rules = new ArrayList<Json.Obj>();
                    rules.add(
                            Json.object()
                                    .put("fromCIDR", Json.strings(inbound.clients()))
                                    .put("toPorts", ciliumPort(inbound.port()))
                                    .build());
                    place.clientNamespaces()
                            .forEach(it ->
                                    rules.add(
                                            Json.object()
                                                    .put(
                                                            "fromEndpoints",
                                                            Json.array(List.of(ciliumAgents(it))))
                                                    .put("toPorts", ciliumPort(inbound.port()))
                                                    .build()));
                    return List.copyOf(rules);
                })
                // One rule that names nobody: Cilium takes no list without a rule.
                .orElse(List.of(Json.object().build()));
    }

    private static Json.Obj ciliumAgents(String namespace) {
        var isAgent =
                Json.object()
                        .put("key", "k8s:" + KubernetesPod.AGENT)
                        .put("operator", "Exists")
                        .build();
        return Json.object()
                .put(
                        "matchLabels",
                        Json.object().put("k8s:io.kubernetes.pod.namespace", namespace).build())
                .put("matchExpressions", Json.array(List.of(isAgent)))
                .build();
    }

    private static Json ciliumPort(int port) {
        var one = Json.object().put("port", Integer.toString(port)).put("protocol", "TCP").build();
        return Json.array(List.of(Json.object().put("ports", Json.array(List.of(one))).build()));
    }
}
