package dev.casemate.container.deploy;

import dev.casemate.container.deploy.DeployException.Code;
import dev.casemate.manifest.Deployment;
import java.util.List;
import java.util.Optional;

/// Where on a platform something is deployed: what neither manifest nor proxy know.
public sealed interface Place {

    Platform platform();

    /// Where the platform puts a secret in the container.
    default String secretPath(String file) {
        return Deployment.DIRECTORY + "/" + file;
    }

    /// @param namespace made by the rendering, with the restricted pod security level
    /// @param runtimeClass the class's name and its handler on the nodes, for a kernel of its own
    /// @param cilium whether a policy for Cilium is rendered as well
    /// @param proxyNamespace where the proxy runs in the same cluster; its pods are then meant in
    ///   place of its address
    /// @param clientNamespaces whose agents may connect to the proxy
    /// @param storageClass of the ledgers; empty for the cluster's default
    record Kubernetes(
            String namespace,
            Optional<RuntimeClass> runtimeClass,
            boolean cilium,
            Optional<String> proxyNamespace,
            List<String> clientNamespaces,
            Optional<String> storageClass)
            implements Place {

        public Kubernetes {
            clientNamespaces = List.copyOf(clientNamespaces);
            Form.LABEL.require(namespace, "namespace");
            proxyNamespace.ifPresent(it -> Form.LABEL.require(it, "proxyNamespace"));
            clientNamespaces.forEach(it -> Form.LABEL.require(it, "clientNamespaces"));
            storageClass.ifPresent(it -> Form.LABEL.require(it, "storageClass"));
        }

        @Override
        public Platform platform() {
            return Platform.KUBERNETES;
        }
    }

    /// A container runtime that nodes have, gVisor or Kata for example.
    record RuntimeClass(String name, String handler) {
        public RuntimeClass {
            Form.LABEL.require(name, "runtimeClass.name");
            Form.LABEL.require(handler, "runtimeClass.handler");
        }
    }

    /// @param subnets private ones
    /// @param endpoints the security group of the interface endpoints through which Fargate fetches
    ///   image and secrets and writes logs
    /// @param storagePrefixList S3's, where the image's layers are
    /// @param repositoryArn the image's repository
    /// @param filesImage by digest, with a shell and base64: writes documents and secrets before
    ///   the container starts, and ends
    /// @param ledgers for the proxy alone
    record Ecs(
            String region,
            String vpc,
            String cluster,
            List<String> subnets,
            String endpoints,
            String storagePrefixList,
            String repositoryArn,
            String filesImage,
            Optional<LedgerFileSystem> ledgers)
            implements Place {

        public Ecs {
            subnets = List.copyOf(subnets);
            Form.AWS_REGION.require(region, "region");
            Form.AWS_ID.require(vpc, "vpc");
            Form.AWS_NAME.require(cluster, "cluster");
            Form.require(!subnets.isEmpty(), "at least one subnet");
            subnets.forEach(subnet -> Form.AWS_ID.require(subnet, "subnets"));
            Form.AWS_ID.require(endpoints, "endpoints");
            Form.AWS_ID.require(storagePrefixList, "storagePrefixList");
            Form.AWS_ARN.require(repositoryArn, "repositoryArn");
            Form.IMAGE.require(filesImage, "filesImage");
        }

        @Override
        public Platform platform() {
            return Platform.ECS;
        }

        LedgerFileSystem requireLedgers() {
            return ledgers.orElseThrow(
                    () -> new DeployException(Code.MISSING_BINDING, "ecs.ledgers for the proxy"));
        }
    }

    /// An encrypted EFS file system, and the security group of its mount targets.
    record LedgerFileSystem(String fileSystem, String securityGroup) {
        public LedgerFileSystem {
            Form.AWS_ID.require(fileSystem, "ledgers.fileSystem");
            Form.AWS_ID.require(securityGroup, "ledgers.securityGroup");
        }
    }

    /// @param role the service's owner; made by the rendering, with the rights of this service
    ///   alone
    record Spcs(String database, String schema, String computePool, String repository, String role)
            implements Place {

        /// Secrets are directories here, with one file of the platform's choosing.
        static final String SECRETS = "/run/casemate-secrets";

        public Spcs {
            Form.SQL_NAME.require(database, "database");
            Form.SQL_NAME.require(schema, "schema");
            Form.SQL_NAME.require(computePool, "computePool");
            Form.SQL_PATH.require(repository, "repository");
            Form.SQL_NAME.require(role, "role");
        }

        @Override
        public Platform platform() {
            return Platform.SPCS;
        }

        /// A secret here is text; a key store lies with the documents.
        @Override
        public String secretPath(String file) {
            return new SecretFile(file, "any").binary()
                    ? Place.super.secretPath(file)
                    : SECRETS + "/" + file + "/secret_string";
        }
    }

    /// @param linkNetwork the first of the addresses of the links to the containers, four for each
    /// @param disk the block device of podman's store, which the disk bandwidth is bounded on
    record Podman(String linkNetwork, Optional<String> disk) implements Place {
        public Podman {
            Form.IPV4.require(linkNetwork, "linkNetwork");
            Form.require(
                    Integer.parseInt(linkNetwork.substring(linkNetwork.lastIndexOf('.') + 1)) == 0,
                    "a linkNetwork that ends in .0");
            disk.ifPresent(it ->
                    Form.require(it.matches("/dev/[a-z0-9]{2,32}"), "a disk such as /dev/sda"));
        }

        @Override
        public Platform platform() {
            return Platform.PODMAN;
        }
    }
}
