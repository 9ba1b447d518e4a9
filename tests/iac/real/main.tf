# The network of `plan.json`, which Terraform 1.11 and the AWS provider 5.100 made of this with `terraform plan` and `show -json`.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
provider "aws" {
  alias                       = "us"
  region                      = var.other
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
variable "other" { default = "us-east-1" }

locals {
  # Nobody knows before it is applied.
  later = aws_vpc.main.tags_all
  vpc   = aws_vpc.main.id
}

resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "us" {
  provider   = aws.us
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "plain" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "guarded" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_network_acl" "guarded" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.guarded.id]
  dynamic "ingress" {
    for_each = local.later
    content {
      rule_no    = 100
      action     = "allow"
      protocol   = "-1"
      from_port  = 0
      to_port    = 0
      cidr_block = "0.0.0.0/0"
    }
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_security_group" "client" {
  name   = "client"
  vpc_id = aws_vpc.main.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "client" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.client.id]
  tags                   = { Name = "client" }
}

resource "aws_security_group" "bare" {
  name   = "bare"
  vpc_id = local.vpc
}
resource "aws_security_group" "dynamic" {
  name   = "dynamic"
  vpc_id = local.vpc
  dynamic "ingress" {
    for_each = local.later
    content {
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
resource "aws_security_group" "computed" {
  name   = "computed"
  vpc_id = local.vpc
  ingress = [for one in [aws_security_group.client] : {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    security_groups  = one.tags_all == null ? [] : [one.id]
    cidr_blocks      = []
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    self             = false
    description      = ""
  } if one.id != ""]
}
resource "aws_security_group" "crossed" {
  name   = "crossed"
  vpc_id = local.vpc
  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = [aws_security_group.bare.id]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.client.id]
  }
}
resource "aws_security_group" "named" {
  name   = "named"
  vpc_id = local.vpc
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.client.id]
  }
}
resource "aws_security_group" "open" {
  name   = "open"
  vpc_id = local.vpc
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [aws_vpc.main.cidr_block]
  }
}
locals {
  groups = {
    bare     = aws_security_group.bare.id
    dynamic  = aws_security_group.dynamic.id
    computed = aws_security_group.computed.id
    crossed  = aws_security_group.crossed.id
    named    = aws_security_group.named.id
    open     = aws_security_group.open.id
  }
}
resource "aws_instance" "bare" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.bare.id]
  tags                   = { Name = "bare" }
}
resource "aws_instance" "dynamic" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.dynamic.id]
  tags                   = { Name = "dynamic" }
}
resource "aws_instance" "computed" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.computed.id]
  tags                   = { Name = "computed" }
}
resource "aws_instance" "crossed" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.crossed.id]
  tags                   = { Name = "crossed" }
}
resource "aws_instance" "named" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.named.id]
  tags                   = { Name = "named" }
}
resource "aws_instance" "open" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.plain.id
  vpc_security_group_ids = [aws_security_group.open.id]
  tags                   = { Name = "open" }
}
resource "aws_instance" "guarded" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.guarded.id
  vpc_security_group_ids = [aws_security_group.open.id]
  tags                   = { Name = "guarded" }
}
resource "aws_instance" "template" {
  subnet_id = aws_subnet.plain.id
  tags      = { Name = "template" }
  launch_template {
    id = aws_launch_template.open.id
  }
}
resource "aws_launch_template" "open" {
  name                   = "open"
  image_id               = "ami-12345678"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.open.id]
}
module "each" {
  source   = "./m"
  for_each = { shut = [], admits = [aws_security_group.client.id] }
  name     = each.key
  vpc_id   = aws_vpc.main.id
  subnet   = aws_subnet.plain.id
  from     = each.value
}
resource "aws_elb" "classic" {
  name            = "classic"
  internal        = true
  subnets         = [aws_subnet.plain.id]
  security_groups = [aws_security_group.open.id]
  instances       = [aws_instance.open.id]
  listener {
    lb_port           = 80
    lb_protocol       = "tcp"
    instance_port     = 8080
    instance_protocol = "tcp"
  }
}
resource "aws_elb" "later" {
  name            = "later"
  internal        = true
  subnets         = [aws_subnet.plain.id]
  security_groups = [aws_security_group.open.id]
  dynamic "listener" {
    for_each = local.later
    content {
      lb_port           = 80
      lb_protocol       = "tcp"
      instance_port     = 8080
      instance_protocol = "tcp"
    }
  }
}
