package dev.casemate.container.deploy;

import dev.casemate.container.deploy.DeployException.Code;
import dev.casemate.manifest.Deployment;
import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.List;

/// A Fargate task of two containers: one that writes documents and secrets into a volume and ends,
/// because the platform hands secrets over in the environment alone, and then the one that matters,
/// which reads them and has nothing in its environment.
final class EcsTask {

    private static final String FILES = "files";
    private static final long DESCRIPTORS = 1_024;
    // A task definition has 64 KiB in all.
    private static final int MAX_DOCUMENT = 32_768;
    private static final int TO_END_SECONDS = 30;

    private final Place.Ecs place;
    private final Subject subject;

    EcsTask(Place.Ecs place, Subject subject) {
        this.place = place;
        this.subject = subject;
    }

    String definition(String suffix, String volumes) {
        var size = EcsSize.holding(subject.bounds());
        var containers = HclText.of(Json.array(List.of(files(), main())), "  ");
        return """
        resource "aws_ecs_task_definition" %1$s {
          family                   = %1$s
          requires_compatibilities = ["FARGATE"]
          network_mode             = "awsvpc"
          cpu                      = %2$d
          memory                   = %3$d
          execution_role_arn       = aws_iam_role.%4$s.arn

          runtime_platform {
            operating_system_family = "LINUX"
            cpu_architecture        = "X86_64"
          }

          volume {
            name = "casemate"
          }
        %5$s
          container_definitions = jsonencode(%6$s)
        }
        """
                .formatted(
                        HclText.quoted(subject.name() + suffix),
                        size.cpuUnits(),
                        size.memoryMebibytes(),
                        subject.name(),
                        volumes,
                        containers);
    }

    private Json.Obj files() {
        var script = new StringBuilder("umask 0222\n");
        var environment = new ArrayList<Json.Obj>();
        var secrets = new ArrayList<Json.Obj>();
        subject.documents(place::secretPath)
                .forEach((file, text) -> {
                    var variable = "DOCUMENT_" + environment.size();
                    environment.add(
                            Json.object()
                                    .put("name", variable)
                                    .put("value", document(text))
                                    .build());
                    script.append(
                            "printf '%%s' \"$%s\" > %s/%s\n"
                                    .formatted(variable, Deployment.DIRECTORY, file));
                });
        for (var secret : subject.secrets()) {
            var variable = "SECRET_" + secrets.size();
            secrets.add(
                    Json.object()
                            .put("name", variable)
                            .put(
                                    "valueFrom",
                                    HclText.reference(
                                            "data.aws_secretsmanager_secret.%s.arn"
                                                    .formatted(secret.secret())))
                            .build());
            script.append(
                    "printf '%%s' \"$%s\"%s > %s\n"
                            .formatted(
                                    variable,
                                    secret.binary() ? " | base64 -d" : "",
                                    place.secretPath(secret.file())));
        }
        return common(FILES, place.filesImage())
                .put("essential", false)
                .put("user", "0")
                .put("entryPoint", Json.strings(List.of("/bin/sh", "-euc")))
                .put("command", Json.strings(List.of(script.toString())))
                .put("environment", Json.array(environment))
                .put("secrets", Json.array(secrets))
                .put(
                        "mountPoints",
                        Json.array(List.of(mount("casemate", Deployment.DIRECTORY, false))))
                .put("linuxParameters", Json.object().put("capabilities", nothing()).build())
                .build();
    }

    private static String document(String text) {
        if (text.length() > MAX_DOCUMENT) {
            throw new DeployException(
                    Code.INVALID_REQUEST, "documents of at most 32 KiB each on this platform");
        }
        return text;
    }

    private Json.Obj main() {
        var container =
                common(subject.kind() == Kind.PROXY ? "proxy" : "agent", subject.image())
                        .put("essential", true)
                        .put("user", "65532:65532")
                        .put("command", Json.strings(subject.arguments()))
                        .put("cpu", subject.bounds().cpuMillis() * 1_024L / 1_000)
                        .put("memory", subject.bounds().memoryMebibytes())
                        .put("stopTimeout", TO_END_SECONDS)
                        .put("dependsOn", Json.array(List.of(afterFiles())))
                        .put("mountPoints", Json.array(mounts()))
                        .put("linuxParameters", linux())
                        .put(
                                "ulimits",
                                Json.array(
                                        List.of(limit("nofile", DESCRIPTORS), limit("core", 0))));
        var environment = new ArrayList<Json.Obj>();
        subject.environment()
                .forEach((name, value) ->
                        environment.add(
                                Json.object().put("name", name).put("value", value).build()));
        container.put("environment", Json.array(environment));
        subject.inbound()
                .ifPresent(inbound ->
                        container.put(
                                "portMappings",
                                Json.array(
                                        List.of(
                                                Json.object()
                                                        .put("containerPort", inbound.port())
                                                        .put("protocol", "tcp")
                                                        .build()))));
        return container.build();
    }

    private Json.Builder common(String name, String image) {
        var log =
                Json.object()
                        .put("awslogs-group", subject.name())
                        .put("awslogs-region", place.region())
                        .put("awslogs-stream-prefix", name)
                        .build();
        return Json.object()
                .put("name", name)
                .put("image", image)
                .put("privileged", false)
                .put("readonlyRootFilesystem", true)
                .put("interactive", false)
                .put("pseudoTerminal", false)
                .put(
                        "logConfiguration",
                        Json.object().put("logDriver", "awslogs").put("options", log).build());
    }

    private static Json.Obj afterFiles() {
        return Json.object().put("containerName", FILES).put("condition", "SUCCESS").build();
    }

    private List<Json.Obj> mounts() {
        var mounts = new ArrayList<>(List.of(mount("casemate", Deployment.DIRECTORY, true)));
        if (subject instanceof InferenceProxy) {
            mounts.add(mount("ledger", InferenceProxy.LEDGER, false));
        }
        return mounts;
    }

    private static Json.Obj mount(String volume, String path, boolean readOnly) {
        return Json.object()
                .put("sourceVolume", volume)
                .put("containerPath", path)
                .put("readOnly", readOnly)
                .build();
    }

    private Json.Obj linux() {
        var tmp =
                Json.object()
                        .put("containerPath", "/tmp")
                        .put("size", subject.bounds().tmpMebibytes())
                        .put(
                                "mountOptions",
                                Json.strings(
                                        List.of("rw", "noexec", "nosuid", "nodev", "mode=1777")))
                        .build();
        return Json.object()
                .put("capabilities", nothing())
                .put("initProcessEnabled", false)
                .put("tmpfs", Json.array(List.of(tmp)))
                .build();
    }

    private static Json.Obj nothing() {
        return Json.object()
                .put("add", Json.array(List.of()))
                .put("drop", Json.strings(List.of("ALL")))
                .build();
    }

    private static Json.Obj limit(String name, long value) {
        return Json.object()
                .put("name", name)
                .put("softLimit", value)
                .put("hardLimit", value)
                .build();
    }
}
