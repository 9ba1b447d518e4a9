"""Types of resources that say nothing about packets: families that need no sentence in `not modelled`."""

from __future__ import annotations

# Beginnings of type names.
QUIET = (
    "AWS::IAM::", "AWS::S3::", "AWS::KMS::", "AWS::CloudWatch::", "AWS::Logs::", "AWS::SNS::", "AWS::SQS::", "AWS::Events::",
    "AWS::Route53::RecordSet", "AWS::Route53::HostedZone", "AWS::CertificateManager::", "AWS::SSM::", "AWS::SecretsManager::",
    "AWS::ECR::", "AWS::EC2::KeyPair", "AWS::EC2::LaunchTemplate", "AWS::EC2::Volume", "AWS::DynamoDB::",
    "AWS::ECS::Cluster", "AWS::ECS::TaskDefinition", "AWS::ECS::CapacityProvider", "AWS::Lambda::Permission", "AWS::Lambda::Layer",
    "AWS::Lambda::Alias", "AWS::Lambda::Version", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig",
    "AWS::WAFv2::", "AWS::Backup::", "AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup", "AWS::RDS::OptionGroup",
    "AWS::ElastiCache::ParameterGroup", "AWS::EFS::AccessPoint", "AWS::ApplicationAutoScaling::",
    "AWS::AutoScaling::ScalingPolicy", "AWS::AutoScaling::LifecycleHook", "AWS::AutoScaling::ScheduledAction",
    "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::Stack", "AWS::CDK::", "AWS::StepFunctions::", "AWS::Scheduler::",
    "AWS::Cognito::", "AWS::CloudTrail::", "AWS::Config::", "AWS::Kinesis::", "AWS::Glue::", "AWS::CodeBuild::",
    "AWS::CodePipeline::", "AWS::CodeDeploy::", "AWS::Budgets::", "AWS::ResourceGroups::", "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi", "AWS::Serverless::SimpleTable", "AWS::Serverless::LayerVersion", "AWS::Serverless::StateMachine",
    "AWS::EC2::PlacementGroup", "AWS::EC2::VPCEndpointConnectionNotification", "AWS::CloudFormation::Macro",
    "AWS::CloudFormation::Type", "AWS::CloudFormation::Public", "AWS::CloudFront::CachePolicy", "AWS::CloudFront::CloudFrontOrigin",
    "AWS::CloudFront::Function", "AWS::CloudFront::OriginAccess", "AWS::CloudFront::OriginRequest", "AWS::CloudFront::Response",
    "AWS::ApiGateway::Account", "AWS::ApiGateway::ApiKey", "AWS::ApiGateway::Authorizer", "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Model", "AWS::ApiGateway::Resource", "AWS::ApiGateway::Stage", "AWS::ApiGateway::UsagePlan",
    "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Deployment", "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage", "AWS::CodeCommit::", "AWS::CodeStar", "AWS::CodeArtifact::", "AWS::IoT", "AWS::Greengrass",
    "AWS::ServiceCatalog::Portfolio", "AWS::ServiceCatalog::Tag", "AWS::ServiceCatalog::CloudFormationProduct",
    "AWS::ServiceDiscovery::", "AWS::SES::", "AWS::Athena::", "AWS::AppConfig::", "AWS::GuardDuty::", "AWS::SecurityHub::",
    "AWS::Organizations::", "AWS::SSO::", "AWS::Chatbot::", "AWS::XRay::", "AWS::Pipes::", "AWS::AutoScaling::WarmPool",
    "AWS::Neptune::DBParameterGroup", "AWS::Neptune::DBClusterParameterGroup", "AWS::DocDB::DBClusterParameterGroup",
    "AWS::DMS::Endpoint", "AWS::DMS::ReplicationTask", "AWS::Redshift::ClusterParameterGroup", "AWS::MSK::Configuration",
)  # fmt: skip


def is_quiet(type: str) -> bool:
    """Return whether resources of a type cannot carry or stop a packet."""
    return type.startswith(QUIET)
