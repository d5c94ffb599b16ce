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
  region = "eu-central-1"
}

resource "aws_cloudwatch_log_group" "casemate-proxy" {
  name              = "casemate-proxy"
  retention_in_days = 400
}

resource "aws_iam_role" "casemate-proxy" {
  name = "casemate-proxy-start"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "casemate-proxy" {
  name = "casemate-proxy"
  role = aws_iam_role.casemate-proxy.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = "arn:aws:ecr:eu-central-1:123456789012:repository/agents"
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.casemate-proxy.arn}:*"
      },
      {
        Effect = "Allow"
        Action = ["secretsmanager:GetSecretValue"]
        Resource = [
          data.aws_secretsmanager_secret.proxy-keystore.arn,
          data.aws_secretsmanager_secret.proxy-password.arn,
          data.aws_secretsmanager_secret.provider-key.arn,
        ]
      },
    ]
  })
}

data "aws_secretsmanager_secret" "proxy-keystore" {
  name = "proxy-keystore"
}

data "aws_secretsmanager_secret" "proxy-password" {
  name = "proxy-password"
}

data "aws_secretsmanager_secret" "provider-key" {
  name = "provider-key"
}

resource "aws_security_group" "casemate-proxy" {
  name                   = "casemate-proxy"
  description            = "Nothing in or out but what the rules beside this group name"
  vpc_id                 = "vpc-0123456789abcdef0"
  revoke_rules_on_delete = true
}

resource "aws_vpc_security_group_egress_rule" "casemate-proxy-provider" {
  security_group_id = aws_security_group.casemate-proxy.id
  description       = "provider"
  cidr_ipv4         = "10.0.9.1/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "casemate-proxy-platform-endpoints" {
  security_group_id            = aws_security_group.casemate-proxy.id
  description                  = "platform-endpoints"
  referenced_security_group_id = "sg-0123456789abcdef0"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "casemate-proxy-platform-layers" {
  security_group_id = aws_security_group.casemate-proxy.id
  description       = "platform-layers"
  prefix_list_id    = "pl-01234567"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "casemate-proxy-ledger" {
  security_group_id            = aws_security_group.casemate-proxy.id
  description                  = "ledger"
  referenced_security_group_id = "sg-0123456789abcdef1"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}

resource "aws_security_group" "casemate-proxy-balancer" {
  name                   = "casemate-proxy-balancer"
  description            = "The clients of the proxy"
  vpc_id                 = "vpc-0123456789abcdef0"
  revoke_rules_on_delete = true
}

resource "aws_lb" "casemate-proxy" {
  name                             = "casemate-proxy"
  internal                         = true
  load_balancer_type               = "network"
  security_groups                  = [aws_security_group.casemate-proxy-balancer.id]
  enable_deletion_protection       = true
  enable_cross_zone_load_balancing = true

  subnet_mapping {
    subnet_id            = "subnet-0123456789abcdef0"
    private_ipv4_address = "10.0.0.193"
  }
}

resource "aws_lb_target_group" "casemate-proxy" {
  name        = "casemate-proxy"
  port        = 8443
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = "vpc-0123456789abcdef0"

  health_check {
    protocol = "TCP"
  }
}

resource "aws_lb_listener" "casemate-proxy" {
  load_balancer_arn = aws_lb.casemate-proxy.arn
  port              = 8443
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.casemate-proxy.arn
  }
}

resource "aws_vpc_security_group_ingress_rule" "casemate-proxy-balancer-clients-0" {
  security_group_id = aws_security_group.casemate-proxy-balancer.id
  description       = "clients-0"
  cidr_ipv4         = "10.1.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_vpc_security_group_ingress_rule" "casemate-proxy-balancer-clients-1" {
  security_group_id = aws_security_group.casemate-proxy-balancer.id
  description       = "clients-1"
  cidr_ipv4         = "10.2.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_vpc_security_group_egress_rule" "casemate-proxy-balancer-proxy" {
  security_group_id            = aws_security_group.casemate-proxy-balancer.id
  description                  = "proxy"
  referenced_security_group_id = aws_security_group.casemate-proxy.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_vpc_security_group_ingress_rule" "casemate-proxy-balancer" {
  security_group_id            = aws_security_group.casemate-proxy.id
  description                  = "balancer"
  referenced_security_group_id = aws_security_group.casemate-proxy-balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

resource "aws_efs_access_point" "casemate-proxy-0" {
  file_system_id = "fs-0123456789abcdef0"

  posix_user {
    uid = 65532
    gid = 65532
  }

  root_directory {
    path = "/casemate-proxy-0"

    creation_info {
      owner_uid   = 65532
      owner_gid   = 65532
      permissions = "0700"
    }
  }
}

resource "aws_ecs_task_definition" "casemate-proxy-0" {
  family                   = "casemate-proxy-0"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 2048
  memory                   = 4096
  execution_role_arn       = aws_iam_role.casemate-proxy.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  volume {
    name = "casemate"
  }

  volume {
    name = "ledger"

    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      transit_encryption = "ENABLED"

      authorization_config {
        access_point_id = aws_efs_access_point.casemate-proxy-0.id
      }
    }
  }

  container_definitions = jsonencode([
    {
      "name"                   = "files"
      "image"                  = "registry.test/files@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      "privileged"             = false
      "readonlyRootFilesystem" = true
      "interactive"            = false
      "pseudoTerminal"         = false
      "logConfiguration" = {
        "logDriver" = "awslogs"
        "options" = {
          "awslogs-group"         = "casemate-proxy"
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "files"
        }
      }
      "essential" = false
      "user"      = "0"
      "entryPoint" = [
        "/bin/sh",
        "-euc",
      ]
      "command" = [
        "umask 0222\nprintf '%s' \"$DOCUMENT_0\" > /run/casemate/casemate.yaml\nprintf '%s' \"$DOCUMENT_1\" > /run/casemate/hosts\nprintf '%s' \"$DOCUMENT_2\" > /run/casemate/market-analyst.json\nprintf '%s' \"$SECRET_0\" | base64 -d > /run/casemate/proxy.p12\nprintf '%s' \"$SECRET_1\" > /run/casemate/proxy.password\nprintf '%s' \"$SECRET_2\" > /run/casemate/provider.key\n",
      ]
      "environment" = [
        {
          "name"  = "DOCUMENT_0"
          "value" = "# A proxy.\nlisten: {host: 0.0.0.0, port: 8443, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}\n\nledger: {directory: /var/lib/casemate/ledger, signingKey: /var/lib/casemate/ledger.key}\n"
        },
        {
          "name"  = "DOCUMENT_1"
          "value" = "10.0.9.1 api.provider.test\n"
        },
        {
          "name"  = "DOCUMENT_2"
          "value" = "{\"apiVersion\":\"casemate.dev/v1\",\"name\":\"market-analyst\",\"version\":\"1.0.0\",\"owner\":\"commodities\",\"purpose\":\"Answers questions\",\"prompt\":{\"persona\":\"You answer.\",\"scope\":\"Markets.\",\"refusals\":[\"Anything else.\"]},\"models\":[\"gpt-4o-mini\"],\"tools\":[{\"name\":\"get_current_prices\",\"description\":\"Prices\",\"effect\":\"read\",\"destinations\":[\"prices\"],\"exposures\":[],\"timeoutSeconds\":30,\"trustedArguments\":[],\"inputSchema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}}],\"destinations\":[{\"name\":\"prices\",\"protocol\":\"https\"}],\"limits\":{\"steps\":10,\"toolCalls\":20,\"tokens\":10000,\"deadlineSeconds\":60,\"identicalCalls\":3,\"cpuMillis\":1500,\"memoryBytes\":402653184,\"tmpBytes\":16777216,\"pids\":128,\"ioBytesPerSecond\":52428800},\"capabilities\":[]}"
        },
      ]
      "secrets" = [
        {
          "name"      = "SECRET_0"
          "valueFrom" = data.aws_secretsmanager_secret.proxy-keystore.arn
        },
        {
          "name"      = "SECRET_1"
          "valueFrom" = data.aws_secretsmanager_secret.proxy-password.arn
        },
        {
          "name"      = "SECRET_2"
          "valueFrom" = data.aws_secretsmanager_secret.provider-key.arn
        },
      ]
      "mountPoints" = [
        {
          "sourceVolume"  = "casemate"
          "containerPath" = "/run/casemate"
          "readOnly"      = false
        },
      ]
      "linuxParameters" = {
        "capabilities" = {
          "add" = []
          "drop" = [
            "ALL",
          ]
        }
      }
    },
    {
      "name"                   = "proxy"
      "image"                  = "registry.test/casemate-proxy@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      "privileged"             = false
      "readonlyRootFilesystem" = true
      "interactive"            = false
      "pseudoTerminal"         = false
      "logConfiguration" = {
        "logDriver" = "awslogs"
        "options" = {
          "awslogs-group"         = "casemate-proxy"
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "proxy"
        }
      }
      "essential" = true
      "user"      = "65532:65532"
      "command" = [
        "proxy",
        "--config",
        "/run/casemate/casemate.yaml",
      ]
      "cpu"         = 2048
      "memory"      = 1024
      "stopTimeout" = 30
      "dependsOn" = [
        {
          "containerName" = "files"
          "condition"     = "SUCCESS"
        },
      ]
      "mountPoints" = [
        {
          "sourceVolume"  = "casemate"
          "containerPath" = "/run/casemate"
          "readOnly"      = true
        },
        {
          "sourceVolume"  = "ledger"
          "containerPath" = "/var/lib/casemate"
          "readOnly"      = false
        },
      ]
      "linuxParameters" = {
        "capabilities" = {
          "add" = []
          "drop" = [
            "ALL",
          ]
        }
        "initProcessEnabled" = false
        "tmpfs" = [
          {
            "containerPath" = "/tmp"
            "size"          = 64
            "mountOptions" = [
              "rw",
              "noexec",
              "nosuid",
              "nodev",
              "mode=1777",
            ]
          },
        ]
      }
      "ulimits" = [
        {
          "name"      = "nofile"
          "softLimit" = 1024
          "hardLimit" = 1024
        },
        {
          "name"      = "core"
          "softLimit" = 0
          "hardLimit" = 0
        },
      ]
      "environment" = [
        {
          "name"  = "JAVA_TOOL_OPTIONS"
          "value" = "-Djdk.net.hosts.file=/run/casemate/hosts -Dvertx.disableDnsResolver=true"
        },
      ]
      "portMappings" = [
        {
          "containerPort" = 8443
          "protocol"      = "tcp"
        },
      ]
    },
  ])
}

resource "aws_ecs_service" "casemate-proxy-0" {
  name                               = "casemate-proxy-0"
  cluster                            = "agents"
  task_definition                    = aws_ecs_task_definition.casemate-proxy-0.arn
  desired_count                      = 1
  launch_type                        = "FARGATE"
  platform_version                   = "LATEST"
  enable_execute_command             = false
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets = [
      "subnet-0123456789abcdef0",
      "subnet-0123456789abcdef1",
    ]
    security_groups  = [aws_security_group.casemate-proxy.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.casemate-proxy.arn
    container_name   = "proxy"
    container_port   = 8443
  }
}

resource "aws_efs_access_point" "casemate-proxy-1" {
  file_system_id = "fs-0123456789abcdef0"

  posix_user {
    uid = 65532
    gid = 65532
  }

  root_directory {
    path = "/casemate-proxy-1"

    creation_info {
      owner_uid   = 65532
      owner_gid   = 65532
      permissions = "0700"
    }
  }
}

resource "aws_ecs_task_definition" "casemate-proxy-1" {
  family                   = "casemate-proxy-1"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 2048
  memory                   = 4096
  execution_role_arn       = aws_iam_role.casemate-proxy.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  volume {
    name = "casemate"
  }

  volume {
    name = "ledger"

    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      transit_encryption = "ENABLED"

      authorization_config {
        access_point_id = aws_efs_access_point.casemate-proxy-1.id
      }
    }
  }

  container_definitions = jsonencode([
    {
      "name"                   = "files"
      "image"                  = "registry.test/files@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      "privileged"             = false
      "readonlyRootFilesystem" = true
      "interactive"            = false
      "pseudoTerminal"         = false
      "logConfiguration" = {
        "logDriver" = "awslogs"
        "options" = {
          "awslogs-group"         = "casemate-proxy"
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "files"
        }
      }
      "essential" = false
      "user"      = "0"
      "entryPoint" = [
        "/bin/sh",
        "-euc",
      ]
      "command" = [
        "umask 0222\nprintf '%s' \"$DOCUMENT_0\" > /run/casemate/casemate.yaml\nprintf '%s' \"$DOCUMENT_1\" > /run/casemate/hosts\nprintf '%s' \"$DOCUMENT_2\" > /run/casemate/market-analyst.json\nprintf '%s' \"$SECRET_0\" | base64 -d > /run/casemate/proxy.p12\nprintf '%s' \"$SECRET_1\" > /run/casemate/proxy.password\nprintf '%s' \"$SECRET_2\" > /run/casemate/provider.key\n",
      ]
      "environment" = [
        {
          "name"  = "DOCUMENT_0"
          "value" = "# A proxy.\nlisten: {host: 0.0.0.0, port: 8443, keyStore: proxy.p12, keyStorePasswordFile: proxy.password}\n\nledger: {directory: /var/lib/casemate/ledger, signingKey: /var/lib/casemate/ledger.key}\n"
        },
        {
          "name"  = "DOCUMENT_1"
          "value" = "10.0.9.1 api.provider.test\n"
        },
        {
          "name"  = "DOCUMENT_2"
          "value" = "{\"apiVersion\":\"casemate.dev/v1\",\"name\":\"market-analyst\",\"version\":\"1.0.0\",\"owner\":\"commodities\",\"purpose\":\"Answers questions\",\"prompt\":{\"persona\":\"You answer.\",\"scope\":\"Markets.\",\"refusals\":[\"Anything else.\"]},\"models\":[\"gpt-4o-mini\"],\"tools\":[{\"name\":\"get_current_prices\",\"description\":\"Prices\",\"effect\":\"read\",\"destinations\":[\"prices\"],\"exposures\":[],\"timeoutSeconds\":30,\"trustedArguments\":[],\"inputSchema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{}}}],\"destinations\":[{\"name\":\"prices\",\"protocol\":\"https\"}],\"limits\":{\"steps\":10,\"toolCalls\":20,\"tokens\":10000,\"deadlineSeconds\":60,\"identicalCalls\":3,\"cpuMillis\":1500,\"memoryBytes\":402653184,\"tmpBytes\":16777216,\"pids\":128,\"ioBytesPerSecond\":52428800},\"capabilities\":[]}"
        },
      ]
      "secrets" = [
        {
          "name"      = "SECRET_0"
          "valueFrom" = data.aws_secretsmanager_secret.proxy-keystore.arn
        },
        {
          "name"      = "SECRET_1"
          "valueFrom" = data.aws_secretsmanager_secret.proxy-password.arn
        },
        {
          "name"      = "SECRET_2"
          "valueFrom" = data.aws_secretsmanager_secret.provider-key.arn
        },
      ]
      "mountPoints" = [
        {
          "sourceVolume"  = "casemate"
          "containerPath" = "/run/casemate"
          "readOnly"      = false
        },
      ]
      "linuxParameters" = {
        "capabilities" = {
          "add" = []
          "drop" = [
            "ALL",
          ]
        }
      }
    },
    {
      "name"                   = "proxy"
      "image"                  = "registry.test/casemate-proxy@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      "privileged"             = false
      "readonlyRootFilesystem" = true
      "interactive"            = false
      "pseudoTerminal"         = false
      "logConfiguration" = {
        "logDriver" = "awslogs"
        "options" = {
          "awslogs-group"         = "casemate-proxy"
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "proxy"
        }
      }
      "essential" = true
      "user"      = "65532:65532"
      "command" = [
        "proxy",
        "--config",
        "/run/casemate/casemate.yaml",
      ]
      "cpu"         = 2048
      "memory"      = 1024
      "stopTimeout" = 30
      "dependsOn" = [
        {
          "containerName" = "files"
          "condition"     = "SUCCESS"
        },
      ]
      "mountPoints" = [
        {
          "sourceVolume"  = "casemate"
          "containerPath" = "/run/casemate"
          "readOnly"      = true
        },
        {
          "sourceVolume"  = "ledger"
          "containerPath" = "/var/lib/casemate"
          "readOnly"      = false
        },
      ]
      "linuxParameters" = {
        "capabilities" = {
          "add" = []
          "drop" = [
            "ALL",
          ]
        }
        "initProcessEnabled" = false
        "tmpfs" = [
          {
            "containerPath" = "/tmp"
            "size"          = 64
            "mountOptions" = [
              "rw",
              "noexec",
              "nosuid",
              "nodev",
              "mode=1777",
            ]
          },
        ]
      }
      "ulimits" = [
        {
          "name"      = "nofile"
          "softLimit" = 1024
          "hardLimit" = 1024
        },
        {
          "name"      = "core"
          "softLimit" = 0
          "hardLimit" = 0
        },
      ]
      "environment" = [
        {
          "name"  = "JAVA_TOOL_OPTIONS"
          "value" = "-Djdk.net.hosts.file=/run/casemate/hosts -Dvertx.disableDnsResolver=true"
        },
      ]
      "portMappings" = [
        {
          "containerPort" = 8443
          "protocol"      = "tcp"
        },
      ]
    },
  ])
}

resource "aws_ecs_service" "casemate-proxy-1" {
  name                               = "casemate-proxy-1"
  cluster                            = "agents"
  task_definition                    = aws_ecs_task_definition.casemate-proxy-1.arn
  desired_count                      = 1
  launch_type                        = "FARGATE"
  platform_version                   = "LATEST"
  enable_execute_command             = false
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets = [
      "subnet-0123456789abcdef0",
      "subnet-0123456789abcdef1",
    ]
    security_groups  = [aws_security_group.casemate-proxy.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.casemate-proxy.arn
    container_name   = "proxy"
    container_port   = 8443
  }
}

# What Amazon ECS on Fargate cannot enforce:
#
# image: the digest names the image; its signature is not checked at the start. Run `casemate
# verify` before `terraform apply`
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# trial of the network: nothing connects to a forbidden address before the start to see that the
# rules hold, as the launcher does
#   docs/decisions/23-network-of-a-launch.md (2026-11-23)
#
# exit reasons: why a task stopped is in its stoppedReason for an hour and not in the ledger
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html (2026-11-23)
#
# budgets: each replica counts alone, in its memory, from its own ledger: with N replicas an
# agent may spend N times a limit. Divide each limitUsd by the number of replicas, or run one
#   docs/decisions/42-money-is-held-before-it-is-spent.md (2026-11-23)
#
# ledger: each replica writes a ledger of its own with a key of its own: a question about a run
# has to be put to all of them (`casemate audit` on each), and no proof covers them together
#   docs/decisions/30-ledger-files.md (2026-11-23)
#
# health: metrics and health are on loopback inside the container, without TLS; the platform
# sees only whether the port takes connections
#   docs/casemate.yaml (2026-11-23)
#
# sealed image of the proxy: this release builds images of agents. The proxy's holds a whole JDK
# and the casemate command, and is the operator's to build
#   docs/decisions/20-sealed-runtime.md (2026-11-23)
#
# exact egress of the proxy: one fixed address for each upstream: for a provider whose addresses
# change, that is a private endpoint or an egress gateway of yours
#   docs/bindings.yaml (2026-11-23)
#
# network: image, secrets and logs pass through the task's own interface, so that port 443 of
# the interface endpoints and of S3 is open to the container as well. Endpoint policies that
# admit nothing but this repository, these secrets and this log group close most of it
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html (2026-11-23)
#
# name lookup: security groups do not filter the VPC's name server: names can be asked for, and
# with them data carried out. A Route 53 Resolver DNS Firewall rule group on the VPC that blocks
# everything but the endpoints' names closes it; the container itself needs no names
#   https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html (2026-11-23)
#
# metadata address: the task metadata endpoint cannot be switched off. There is no task role, so
# it gives no credentials, but it tells of the task
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html (2026-11-23)
#
# system calls: no list can be given: dockerSecurityOptions is not valid for Fargate. The sealed
# runtime and the platform's own list are what is left
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html (2026-11-23)
#
# new privileges: no-new-privileges cannot be asked for; the image has nothing that would give
# any
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html (2026-11-23)
#
# processor: the task's size is one of Fargate's and is rounded up; the container's own number
# is a share and not a bound
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# processes and threads: there is no field for it
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# disk bandwidth: there is no field for it
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# size of /tmp: tmpfs is taken by Fargate since 2026 only. Where it is not, the task definition
# is refused: nothing starts without it
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# descriptors and core files: the limits are asked for; Fargate documents its own default for
# descriptors alone
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# secrets: the platform hands secrets over in the environment: a first container, with a shell
# and ended before the other starts, writes them into a volume of the task's, where they lie on
# its encrypted disk. Documents are in the task definition, for everybody to read who may
# describe it
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html (2026-11-23)
#
# environment: the platform adds variables of its own (the metadata endpoint's address); the
# sealed runtime cannot read them
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html (2026-11-23)
#
# shared kernel objects: /dev/shm is there, and its size cannot be set
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html (2026-11-23)
#
# restarts: a service starts what ends again, without a bound on how often
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html (2026-11-23)
#
# availability: the address is in one subnet, and so in one availability zone
#   https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html (2026-11-23)
