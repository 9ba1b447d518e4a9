"""Types of resources that say nothing about packets: families of the provider that need no sentence in `not modelled`."""

from __future__ import annotations

# Beginnings of type names.
QUIET = (
    "aws_iam_", "aws_s3_", "aws_kms_", "aws_cloudwatch_", "aws_sns_", "aws_sqs_", "aws_route53_record", "aws_route53_zone",
    "aws_acm_", "aws_ssm_", "aws_secretsmanager_", "aws_ecr_", "aws_key_pair", "aws_launch_template",
    "aws_ebs_", "aws_volume_attachment", "aws_dynamodb_", "aws_ecs_cluster", "aws_ecs_task_definition", "aws_ecs_capacity",
    "aws_lambda_permission", "aws_lambda_layer", "aws_lambda_alias", "aws_wafv2_", "aws_backup_", "aws_db_parameter_group",
    "aws_db_option_group", "aws_rds_cluster_parameter_group", "aws_elasticache_parameter_group", "aws_ami", "aws_s3",
    "aws_efs_file_system_policy", "aws_efs_access_point", "aws_appautoscaling_", "aws_autoscaling_policy", "aws_lb_listener_certificate",
)  # fmt: skip


def is_quiet(type: str) -> bool:
    """Return whether resources of a type cannot carry or stop a packet."""
    return type.startswith(QUIET)
