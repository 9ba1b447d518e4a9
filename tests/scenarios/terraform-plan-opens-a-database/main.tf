# What `plan.json` was made of: `terraform plan -out=plan.bin`, then `terraform show -json plan.bin`.
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
}
resource "aws_security_group" "web" {
  name        = "web"
  description = "web"
  vpc_id      = "vpc-1"
}
resource "aws_vpc_security_group_ingress_rule" "reports" {
  security_group_id = aws_security_group.db.id
  description       = "reports, for the time being"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_instance" "report" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = "subnet-a"
  vpc_security_group_ids = [aws_security_group.web.id]
  tags                   = { Name = "report" }
}
