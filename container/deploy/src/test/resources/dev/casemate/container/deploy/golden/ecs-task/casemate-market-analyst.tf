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

resource "aws_cloudwatch_log_group" "casemate-market-analyst" {
  name              = "casemate-market-analyst"
  retention_in_days = 400
}

resource "aws_iam_role" "casemate-market-analyst" {
  name = "casemate-market-analyst-start"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "casemate-market-analyst" {
  name = "casemate-market-analyst"
  role = aws_iam_role.casemate-market-analyst.id
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
        Resource = "${aws_cloudwatch_log_group.casemate-market-analyst.arn}:*"
      },
      {
        Effect = "Allow"
        Action = ["secretsmanager:GetSecretValue"]
        Resource = [
          data.aws_secretsmanager_secret.analyst-credential.arn,
        ]
      },
    ]
  })
}

data "aws_secretsmanager_secret" "analyst-credential" {
  name = "analyst-credential"
}

resource "aws_security_group" "casemate-market-analyst" {
  name                   = "casemate-market-analyst"
  description            = "Nothing in or out but what the rules beside this group name"
  vpc_id                 = "vpc-0123456789abcdef0"
  revoke_rules_on_delete = true
}

resource "aws_vpc_security_group_egress_rule" "casemate-market-analyst-proxy" {
  security_group_id = aws_security_group.casemate-market-analyst.id
  description       = "proxy"
  cidr_ipv4         = "10.0.0.193/32"
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
}

resource "aws_vpc_security_group_egress_rule" "casemate-market-analyst-prices" {
  security_group_id = aws_security_group.casemate-market-analyst.id
  description       = "prices"
  cidr_ipv4         = "10.0.0.193/32"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "casemate-market-analyst-platform-endpoints" {
  security_group_id            = aws_security_group.casemate-market-analyst.id
  description                  = "platform-endpoints"
  referenced_security_group_id = "sg-0123456789abcdef0"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "casemate-market-analyst-platform-layers" {
  security_group_id = aws_security_group.casemate-market-analyst.id
  description       = "platform-layers"
  prefix_list_id    = "pl-01234567"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_ecs_task_definition" "casemate-market-analyst" {
  family                   = "casemate-market-analyst"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 2048
  memory                   = 4096
  execution_role_arn       = aws_iam_role.casemate-market-analyst.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  volume {
    name = "casemate"
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
          "awslogs-group"         = "casemate-market-analyst"
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
        "umask 0222\nprintf '%s' \"$DOCUMENT_0\" > /run/casemate/deployment.json\nprintf '%s' \"$DOCUMENT_1\" > /run/casemate/hosts\nprintf '%s' \"$DOCUMENT_2\" > /run/casemate/prices.ca.pem\nprintf '%s' \"$DOCUMENT_3\" > /run/casemate/proxy.ca.pem\nprintf '%s' \"$SECRET_0\" > /run/casemate/proxy.secret\n",
      ]
      "environment" = [
        {
          "name"  = "DOCUMENT_0"
          "value" = "{\"apiVersion\":\"casemate.dev/deployment/v1\",\"manifest\":\"sha256:6615f8340267ba9614a43ef5d5f0bf9a914dd6396a0c0cc13bd504693b5584f1\",\"correlation\":{\"run\":\"run-1\",\"workflow\":\"workflow-1\",\"transaction\":\"transaction-1\"},\"proxy\":{\"host\":\"proxy.test\",\"port\":8443,\"certificateAuthority\":\"/run/casemate/proxy.ca.pem\",\"secret\":\"/run/casemate/proxy.secret\"},\"destinations\":{\"prices\":{\"host\":\"prices.test\",\"port\":443,\"certificateAuthority\":\"/run/casemate/prices.ca.pem\"}},\"model\":\"gpt-4o-mini\"}"
        },
        {
          "name"  = "DOCUMENT_1"
          "value" = "10.0.0.193 proxy.test\n10.0.0.193 prices.test\n"
        },
        {
          "name"  = "DOCUMENT_2"
          "value" = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2FzZW1hdGUgdGVzdCBjZXJ0aWZpY2F0ZTAKBggqhkjO\nPQQDAjAAMB4XDTI2MDEwMTAwMDAwMFoXDTM2MDEwMTAwMDAwMFow\n-----END CERTIFICATE-----\n"
        },
        {
          "name"  = "DOCUMENT_3"
          "value" = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2FzZW1hdGUgdGVzdCBjZXJ0aWZpY2F0ZTAKBggqhkjO\nPQQDAjAAMB4XDTI2MDEwMTAwMDAwMFoXDTM2MDEwMTAwMDAwMFow\n-----END CERTIFICATE-----\n"
        },
      ]
      "secrets" = [
        {
          "name"      = "SECRET_0"
          "valueFrom" = data.aws_secretsmanager_secret.analyst-credential.arn
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
      "name"                   = "agent"
      "image"                  = "registry.test/market-analyst@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      "privileged"             = false
      "readonlyRootFilesystem" = true
      "interactive"            = false
      "pseudoTerminal"         = false
      "logConfiguration" = {
        "logDriver" = "awslogs"
        "options" = {
          "awslogs-group"         = "casemate-market-analyst"
          "awslogs-region"        = "eu-central-1"
          "awslogs-stream-prefix" = "agent"
        }
      }
      "essential" = true
      "user"      = "65532:65532"
      "command" = [
        "What is the price of copper?",
      ]
      "cpu"         = 1536
      "memory"      = 384
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
            "size"          = 16
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
      "environment" = []
    },
  ])
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
# deadline: a task has none: whoever starts it has to stop it, with aws ecs stop-task or a state
# machine's timeout
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (2026-11-23)
#
# restarts: the definition is rendered and not the call that runs it: run it once, with --count
# 1
#   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/standalone-task-create.html (2026-11-23)
