package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The objects, read with YAML 1.1 as Kubernetes does, into the model of a client library: what it
/// does not know is misspelled.
final class KubernetesModelTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Map<String, Class<?>> MODEL =
            Map.of(
                    "v1 Namespace", Namespace.class,
                    "v1 ServiceAccount", ServiceAccount.class,
                    "v1 ConfigMap", ConfigMap.class,
                    "v1 Service", Service.class,
                    "apps/v1 Deployment", Deployment.class,
                    "apps/v1 StatefulSet", StatefulSet.class,
                    "batch/v1 Job", Job.class,
                    "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
                    "node.k8s.io/v1 RuntimeClass", RuntimeClass.class,
                    "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);
    private static final String CILIUM = "cilium.io/v2 CiliumNetworkPolicy";

    static List<Subject> subjects() {
        return Subjects.all();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void everyMemberOfEveryObjectIsKnownToTheModel(Subject subject) throws IOException {
        int known = 0;
        for (var object : objects(subject)) {
            var type = type(object);
            if (!type.equals(CILIUM)) {
                assertThat(MODEL).containsKey(type);
                assertThat(unknown(YAML.treeToValue(object, MODEL.get(type)), type)).isEmpty();
                known++;
            }
        }
        assertThat(known).isGreaterThanOrEqualTo(6);
    }

    @Test
    void aMisspelledMemberIsFound() throws IOException {
        var job = YAML.readValue("{spec: {template: {spec: {hostNetwrok: false}}}}", Job.class);
        assertThat(unknown(job, "Job")).containsExactly("Job.spec.template.spec.hostNetwrok");
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void ciliumIsToldTheSameAsThePolicyOfKubernetes(Subject subject) throws IOException {
        var objects = objects(subject);
        var cilium =
                objects.stream()
                        .filter(object -> type(object).equals(CILIUM))
                        .findFirst()
                        .orElseThrow();
        assertThat(cilium.get("spec").fieldNames())
                .toIterable()
                .containsExactly("endpointSelector", "enableDefaultDeny", "ingress", "egress");
        assertThat(cilium.at("/spec/enableDefaultDeny/egress").asBoolean()).isTrue();
        assertThat(cilium.at("/spec/enableDefaultDeny/ingress").asBoolean()).isTrue();
        var plain =
                objects.stream()
                        .filter(object ->
                                object.at("/metadata/name").asText().equals(subject.name()))
                        .filter(object -> type(object).endsWith(" NetworkPolicy"))
                        .findFirst()
                        .orElseThrow();
        assertThat(cilium.at("/spec/egress")).hasSameSizeAs(plain.at("/spec/egress"));
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void nothingMayPassThatNoPolicyNames(Subject subject) throws IOException {
        var policies =
                objects(subject).stream()
                        .filter(object -> type(object).endsWith(" NetworkPolicy"))
                        .toList();
        assertThat(policies).hasSize(2);
        for (var policy : policies) {
            assertThat(policy.at("/spec/policyTypes")).hasSize(2);
        }
        assertThat(policies.getFirst().at("/spec/podSelector")).isEmpty();
        assertThat(policies.getFirst().at("/spec/egress")).isEmpty();
        assertThat(policies.getFirst().at("/spec/ingress")).isEmpty();
        for (var rule : policies.getLast().at("/spec/egress")) {
            assertThat(rule.get("to")).isNotEmpty();
            assertThat(rule.get("ports")).isNotEmpty();
        }
    }

    @Test
    void aSecretThatIsNoLabelIsRefused() {
        assertThatThrownBy(() -> new SecretFile("proxy.password", "a\n- b"))
                .isInstanceOf(DeployException.class);
    }

    static List<JsonNode> objects(Subject subject) throws IOException {
        var text = Rendering.of(Subjects.places().getFirst(), subject).files().getFirst().text();
        try (var parser = YAML.getFactory().createParser(text)) {
            return YAML.readValues(parser, JsonNode.class).readAll().stream()
                    .map(JsonNode.class::cast)
                    .toList();
        }
    }

    private static String type(JsonNode object) {
        return object.get("apiVersion").asText() + " " + object.get("kind").asText();
    }

    private static List<String> unknown(Object value, String place) {
        var found = new ArrayList<String>();
        for (var method : value.getClass().getMethods()) {
            if (isModelGetter(method)) {
                var member = read(method, value);
                if (method.getName().equals("getAdditionalProperties")) {
                    ((Map<?, ?>) member).keySet().forEach(name -> found.add(place + "." + name));
                } else {
                    var name = method.getName().substring(3);
                    var inner =
                            place + "." + Character.toLowerCase(name.charAt(0)) + name.substring(1);
                    for (var each : member instanceof Collection<?> many ? many : List.of(member)) {
                        if (each.getClass().getName().startsWith("io.fabric8.")) {
                            found.addAll(unknown(each, inner));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static boolean isModelGetter(Method method) {
        return method.getName().startsWith("get")
                && method.getParameterCount() == 0
                && method.getDeclaringClass().getName().startsWith("io.fabric8.");
    }

    private static Object read(Method method, Object value) {
        try {
            var member = method.invoke(value);
            return member == null ? "" : member;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
