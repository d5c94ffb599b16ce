package dev.casemate.container.deploy;

import dev.casemate.manifest.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// Terraform for one task definition, its security group and, for what goes on, its service.
final class EcsFiles {

    private static final int NFS = 2049;
    private static final int HTTPS = 443;
    private static final String CIDR = "cidr_ipv4";
    private static final String GROUP = "referenced_security_group_id";
    private static final String PREFIX_LIST = "prefix_list_id";

    private final Place.Ecs place;
    private final Subject subject;

    private EcsFiles(Place.Ecs place, Subject subject) {
        this.place = place;
        this.subject = subject;
    }

    static List<RenderedFile> of(Place.Ecs place, Subject subject) {
        var terraform = new EcsFiles(place, subject);
        return List.of(new RenderedFile(subject.name() + ".tf", terraform.text()));
    }

    private String text() {
        var blocks = new ArrayList<String>();
        blocks.add(provider());
        blocks.add(execution());
        blocks.add(securityGroup());
        subject.targets().stream().distinct().forEach(target -> blocks.add(egress(target)));
        blocks.add(platformEgress());
        switch (subject) {
            case ContainedAgent agent -> {
                blocks.add(new EcsTask(place, agent).definition("", ""));
                if (agent.kind() == Kind.WORKER) {
                    blocks.add(service("", agent.replicas(), ""));
                }
            }
            case InferenceProxy proxy -> proxy(proxy, blocks);
        }
        return String.join("\n", blocks);
    }

    private static String quoted(String text) {
        return HclText.quoted(text);
    }

    private String provider() {
        return """
        terraform {
          required_version = ">= 1.5.0"
          required_providers {
            aws = {
              source  = "hashicorp/aws"
              version = ">= 5.60.0"
            }
          }
        }

        provider "aws" {
          region = %s
        }
        """
                .formatted(quoted(place.region()));
    }

    /// The rights of the platform to start the task. The task itself has no role, and so no
    /// credentials of this account.
    private String execution() {
        var name = quoted(subject.name());
        var data =
                subject.secrets().stream()
                        .map(SecretFile::secret)
                        .distinct()
                        .map(secret ->
                                """

                                data "aws_secretsmanager_secret" %1$s {
                                  name = %1$s
                                }
                                """
                                        .formatted(quoted(secret)))
                        .collect(Collectors.joining());
        return """
        resource "aws_cloudwatch_log_group" %1$s {
          name              = %1$s
          retention_in_days = 400
        }

        resource "aws_iam_role" %1$s {
          name = %2$s
          assume_role_policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Effect    = "Allow"
              Action    = "sts:AssumeRole"
              Principal = { Service = "ecs-tasks.amazonaws.com" }
            }]
          })
        }

        resource "aws_iam_role_policy" %1$s {
          name = %1$s
          role = aws_iam_role.%3$s.id
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = %4$s
          })
        }
        %5$s\
        """
                .formatted(
                        name,
                        quoted(subject.name() + "-start"),
                        subject.name(),
                        statements(),
                        data);
    }

    private String statements() {
        var secrets =
                subject.secrets().stream()
                        .map(SecretFile::secret)
                        .distinct()
                        .map("data.aws_secretsmanager_secret.%s.arn,"::formatted)
                        .collect(Collectors.joining("\n          "));
        return """
        [
              {
                Effect   = "Allow"
                Action   = ["ecr:GetAuthorizationToken"]
                Resource = "*"
              },
              {
                Effect   = "Allow"
                Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
                Resource = %1$s
              },
              {
                Effect   = "Allow"
                Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
                Resource = "${aws_cloudwatch_log_group.%2$s.arn}:*"
              },
              {
                Effect = "Allow"
                Action = ["secretsmanager:GetSecretValue"]
                Resource = [
                  %3$s
                ]
              },
            ]\
        """
                .formatted(quoted(place.repositoryArn()), subject.name(), secrets);
    }

    /// Terraform takes away the rule that lets everything out, which the platform adds.
    private String securityGroup() {
        return """
        resource "aws_security_group" %1$s {
          name                   = %1$s
          description            = "Nothing in or out but what the rules beside this group name"
          vpc_id                 = %2$s
          revoke_rules_on_delete = true
        }
        """
                .formatted(quoted(subject.name()), quoted(place.vpc()));
    }

    private String egress(Target target) {
        return rule(
                "egress",
                target.name(),
                subject.name(),
                CIDR,
                quoted(target.network()),
                target.port());
    }

    private static String rule(
            String direction, String name, String group, String key, String peer, int port) {
        var values = new LinkedHashMap<String, String>();
        values.put("security_group_id", "aws_security_group." + group + ".id");
        values.put("description", quoted(name));
        values.put(key, peer);
        values.put("ip_protocol", quoted("tcp"));
        values.put("from_port", Integer.toString(port));
        values.put("to_port", Integer.toString(port));
        int width = values.keySet().stream().mapToInt(String::length).max().orElseThrow();
        var text =
                new StringBuilder(
                        "resource \"aws_vpc_security_group_%s_rule\" %s {\n"
                                .formatted(direction, quoted(group + "-" + name)));
        values.forEach((member, value) ->
                text.append(("  %-" + width + "s = %s\n").formatted(member, value)));
        return text.append("}\n").toString();
    }

    /// Fargate fetches the image and the secrets and writes the logs through the task's own
    /// interface.
    private String platformEgress() {
        return rule(
                        "egress",
                        "platform-endpoints",
                        subject.name(),
                        GROUP,
                        quoted(place.endpoints()),
                        HTTPS)
                + "\n"
                + rule(
                        "egress",
                        "platform-layers",
                        subject.name(),
                        PREFIX_LIST,
                        quoted(place.storagePrefixList()),
                        HTTPS);
    }

    private String service(String suffix, int count, String more) {
        return """
        resource "aws_ecs_service" %1$s {
          name                               = %1$s
          cluster                            = %2$s
          task_definition                    = aws_ecs_task_definition.%3$s.arn
          desired_count                      = %4$d
          launch_type                        = "FARGATE"
          platform_version                   = "LATEST"
          enable_execute_command             = false
          deployment_minimum_healthy_percent = %7$d
          deployment_maximum_percent         = %8$d

          network_configuration {
            subnets = %5$s
            security_groups  = [aws_security_group.%9$s.id]
            assign_public_ip = false
          }
        %6$s}
        """
                .formatted(
                        quoted(subject.name() + suffix),
                        quoted(place.cluster()),
                        subject.name() + suffix,
                        count,
                        HclText.of(Json.strings(place.subnets()), "    "),
                        more,
                        subject.kind() == Kind.PROXY ? 0 : 50,
                        subject.kind() == Kind.PROXY ? 100 : 200,
                        subject.name());
    }

    /// A service for each replica, because each has a ledger of its own, behind one address.
    private void proxy(InferenceProxy proxy, List<String> blocks) {
        var ledgers = place.requireLedgers();
        blocks.add(
                rule(
                        "egress",
                        "ledger",
                        proxy.name(),
                        GROUP,
                        quoted(ledgers.securityGroup()),
                        NFS));
        blocks.add(balancer(proxy));
        for (int i = 0; i < proxy.replicas(); i++) {
            var suffix = "-" + i;
            blocks.add(accessPoint(proxy, ledgers, suffix));
            blocks.add(
                    new EcsTask(place, proxy).definition(suffix, volume(proxy, ledgers, suffix)));
            blocks.add(service(suffix, 1, registration(proxy)));
        }
    }

    /// Its own security group takes the clients; the proxy's takes the balancer alone.
    private String balancer(InferenceProxy proxy) {
        var listen = proxy.listen();
        var group = proxy.name() + "-balancer";
        var text =
                new StringBuilder(
                        """
                        resource "aws_security_group" %1$s {
                          name                   = %1$s
                          description            = "The clients of the proxy"
                          vpc_id                 = %2$s
                          revoke_rules_on_delete = true
                        }

                        resource "aws_lb" %3$s {
                          name                             = %3$s
                          internal                         = true
                          load_balancer_type               = "network"
                          security_groups                  = [aws_security_group.%4$s.id]
                          enable_deletion_protection       = true
                          enable_cross_zone_load_balancing = true

                          subnet_mapping {
                            subnet_id            = %5$s
                            private_ipv4_address = %6$s
                          }
                        }

                        resource "aws_lb_target_group" %3$s {
                          name        = %3$s
                          port        = %7$d
                          protocol    = "TCP"
                          target_type = "ip"
                          vpc_id      = %2$s

                          health_check {
                            protocol = "TCP"
                          }
                        }

                        resource "aws_lb_listener" %3$s {
                          load_balancer_arn = aws_lb.%8$s.arn
                          port              = %7$d
                          protocol          = "TCP"

                          default_action {
                            type             = "forward"
                            target_group_arn = aws_lb_target_group.%8$s.arn
                          }
                        }
                        """
                                .formatted(
                                        quoted(group),
                                        quoted(place.vpc()),
                                        quoted(proxy.name()),
                                        group,
                                        quoted(place.subnets().getFirst()),
                                        quoted(listen.address()),
                                        listen.port(),
                                        proxy.name()));
        for (int i = 0; i < listen.clients().size(); i++) {
            var peer = quoted(listen.clients().get(i));
            text.append('\n')
                    .append(rule("ingress", "clients-" + i, group, CIDR, peer, listen.port()));
        }
        var fromBalancer = "aws_security_group." + group + ".id";
        var toProxy = "aws_security_group." + proxy.name() + ".id";
        return text.append('\n')
                .append(rule("egress", "proxy", group, GROUP, toProxy, listen.port()))
                .append('\n')
                .append(
                        rule(
                                "ingress",
                                "balancer",
                                proxy.name(),
                                GROUP,
                                fromBalancer,
                                listen.port()))
                .toString();
    }

    private static String accessPoint(
            InferenceProxy proxy, Place.LedgerFileSystem ledgers, String suffix) {
        return """
        resource "aws_efs_access_point" %1$s {
          file_system_id = %2$s

          posix_user {
            uid = 65532
            gid = 65532
          }

          root_directory {
            path = %3$s

            creation_info {
              owner_uid   = 65532
              owner_gid   = 65532
              permissions = "0700"
            }
          }
        }
        """
                .formatted(
                        quoted(proxy.name() + suffix),
                        quoted(ledgers.fileSystem()),
                        quoted("/" + proxy.name() + suffix));
    }

    private static String volume(
            InferenceProxy proxy, Place.LedgerFileSystem ledgers, String suffix) {
        return """

          volume {
            name = "ledger"

            efs_volume_configuration {
              file_system_id     = %s
              transit_encryption = "ENABLED"

              authorization_config {
                access_point_id = aws_efs_access_point.%s.id
              }
            }
          }
        """
                .formatted(quoted(ledgers.fileSystem()), proxy.name() + suffix);
    }

    private static String registration(InferenceProxy proxy) {
        return """

          load_balancer {
            target_group_arn = aws_lb_target_group.%1$s.arn
            container_name   = "proxy"
            container_port   = %2$d
          }
        """
                .formatted(proxy.name(), proxy.listen().port());
    }
}
