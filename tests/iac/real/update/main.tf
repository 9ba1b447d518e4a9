# What the update of `plan.json` was planned for; the state of before held one rule from sg-web on 5432, and a route to igw-1.
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
resource "aws_security_group" "db" {
  name        = "db"
  description = "database"
  vpc_id      = "vpc-1"
  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5433
    security_groups = ["sg-web"]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = [aws_security_group.new.id]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_security_group" "new" {
  name   = "new"
  vpc_id = "vpc-1"
}
resource "aws_route_table" "main" {
  vpc_id = "vpc-1"
  route {
    cidr_block           = "0.0.0.0/0"
    network_interface_id = "eni-a"
  }
}
removed {
  from = aws_security_group_rule.forgotten
  lifecycle {
    destroy = false
  }
}
