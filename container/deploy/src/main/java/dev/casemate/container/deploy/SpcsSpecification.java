package dev.casemate.container.deploy;

import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;

/// The service specification.
final class SpcsSpecification {

    private SpcsSpecification() {}

    static Json.Obj of(Place.Spcs place, Subject subject, String stage) {
        var spec =
                Json.object()
                        .put("containers", Json.array(List.of(container(place, subject))))
                        .put("volumes", Json.array(volumes(subject, stage)));
        subject.inbound()
                .ifPresent(inbound ->
                        spec.put(
                                "endpoints",
                                Json.array(
                                        List.of(
                                                Json.object()
                                                        .put("name", "agents")
                                                        .put("port", inbound.port())
                                                        .put("public", false)
                                                        .put("protocol", "TCP")
                                                        .build()))));
        return Json.object().put("spec", spec.build()).build();
    }

    private static Json.Obj container(Place.Spcs place, Subject subject) {
        var container =
                Json.object()
                        .put("name", subject.kind() == Kind.PROXY ? "proxy" : "agent")
                        .put("image", image(place, subject))
                        .put("args", Json.strings(subject.arguments()));
        if (!subject.environment().isEmpty()) {
            var environment = Json.object();
            subject.environment().forEach(environment::put);
            container.put("env", environment.build());
        }
        return container
                .put("volumeMounts", Json.array(mounts(subject)))
                .put("resources", resources(subject.bounds()))
                .put("secrets", Json.array(secrets(place, subject)))
                .build();
    }

    /// The repository's own name for the image.
    private static String image(Place.Spcs place, Subject subject) {
        var reference = subject.image();
        return "/"
                + place.repository().replace('.', '/').toLowerCase(java.util.Locale.ROOT)
                + "/"
                + reference.substring(reference.lastIndexOf('/') + 1);
    }

    private static Json.Obj resources(Bounds bounds) {
        var both =
                Json.object()
                        .put("cpu", Json.of(bounds.cpus()))
                        .put("memory", bounds.memoryMebibytes() + "Mi")
                        .build();
        return Json.object().put("requests", both).put("limits", both).build();
    }

    private static List<Json.Obj> secrets(Place.Spcs place, Subject subject) {
        return subject.secrets().stream()
                .filter(secret -> !secret.binary())
                .map(secret ->
                        Json.object()
                                .put(
                                        "snowflakeSecret",
                                        Json.object()
                                                .put(
                                                        "objectName",
                                                        "%s.%s.%s"
                                                                .formatted(
                                                                        place.database(),
                                                                        place.schema(),
                                                                        SpcsFiles.identifier(
                                                                                secret.secret())))
                                                .build())
                                .put("directoryPath", Place.Spcs.SECRETS + "/" + secret.file())
                                .build())
                .toList();
    }

    private static List<Json.Obj> mounts(Subject subject) {
        var mounts = new ArrayList<Json.Obj>();
        mounts.add(mount("tmp", "/tmp"));
        mounts.add(mount("casemate", Deployment.DIRECTORY));
        if (subject instanceof InferenceProxy) {
            mounts.add(mount("ledger", InferenceProxy.LEDGER));
        }
        return mounts;
    }

    private static Json.Obj mount(String name, String path) {
        return Json.object().put("name", name).put("mountPath", path).build();
    }

    private static List<Json.Obj> volumes(Subject subject, String stage) {
        var volumes = new ArrayList<Json.Obj>();
        volumes.add(
                Json.object()
                        .put("name", "tmp")
                        .put("source", "memory")
                        .put("size", subject.bounds().tmpMebibytes() + "Mi")
                        .build());
        volumes.add(
                Json.object()
                        .put("name", "casemate")
                        .put("source", "@" + stage + "/files")
                        .put("uid", 65_532)
                        .put("gid", 65_532)
                        .build());
        if (subject instanceof InferenceProxy proxy) {
            volumes.add(
                    Json.object()
                            .put("name", "ledger")
                            .put("source", "block")
                            .put("size", proxy.ledgerGibibytes() + "Gi")
                            .put("uid", 65_532)
                            .put("gid", 65_532)
                            .build());
        }
        return volumes;
    }
}
