package dev.casemate.cli;

import dev.casemate.container.deploy.Place;
import dev.casemate.container.deploy.Platform;
import dev.casemate.proxy.gateway.ConfigException.Code;
import dev.casemate.proxy.gateway.Yaml;
import java.util.List;
import java.util.Optional;

/// One platform's entry of the bindings file.
final class BindingsPlace {

    private BindingsPlace() {}

    static Place read(Platform platform, Yaml entry) {
        return BindingsFile.refusing(
                entry,
                () ->
                        switch (platform) {
                            case KUBERNETES -> entry.mapping(BindingsPlace::kubernetes);
                            case ECS -> entry.mapping(BindingsPlace::ecs);
                            case SPCS -> entry.mapping(BindingsPlace::spcs);
                            case PODMAN -> entry.mapping(BindingsPlace::podman);
                        });
    }

    private static Place kubernetes(Yaml.Mapping fields) {
        return new Place.Kubernetes(
                fields.take("namespace").string(),
                fields.find("runtimeClass")
                        .map(runtime ->
                                runtime.mapping(keys ->
                                        new Place.RuntimeClass(
                                                keys.take("name").string(),
                                                keys.take("handler").string()))),
                fields.find("cilium").map(BindingsPlace::yes).orElse(false),
                fields.find("proxyNamespace").map(Yaml::string),
                fields.find("clientNamespaces")
                        .map(list -> list.list(Yaml::string))
                        .orElse(List.of()),
                fields.find("storageClass").map(Yaml::string));
    }

    private static boolean yes(Yaml field) {
        return switch (field.string()) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw field.refuse(Code.INVALID_VALUE, "yes or no");
        };
    }

    private static Place ecs(Yaml.Mapping fields) {
        return new Place.Ecs(
                fields.take("region").string(),
                fields.take("vpc").string(),
                fields.take("cluster").string(),
                fields.take("subnets").list(Yaml::string),
                fields.take("endpoints").string(),
                fields.take("storagePrefixList").string(),
                fields.take("repositoryArn").string(),
                fields.take("filesImage").string(),
                fields.find("ledgers")
                        .map(ledgers ->
                                ledgers.mapping(keys ->
                                        new Place.LedgerFileSystem(
                                                keys.take("fileSystem").string(),
                                                keys.take("securityGroup").string()))));
    }

    private static Place spcs(Yaml.Mapping fields) {
        return new Place.Spcs(
                fields.take("database").string(),
                fields.take("schema").string(),
                fields.take("computePool").string(),
                fields.take("repository").string(),
                fields.take("role").string());
    }

    private static Place podman(Yaml.Mapping fields) {
        Optional<String> disk = fields.find("disk").map(Yaml::string);
        return new Place.Podman(fields.take("linkNetwork").string(), disk);
    }
}
