variable "name" {}
variable "vpc_id" {}
variable "subnet" {}
variable "from" {}
resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = var.vpc_id
}
resource "aws_security_group_rule" "this" {
  count                    = var.name == "shut" ? 0 : 1
  security_group_id        = aws_security_group.this.id
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
  source_security_group_id = var.from[0]
}
resource "aws_instance" "this" {
  ami                    = "ami-12345678"
  instance_type          = "t3.micro"
  subnet_id              = var.subnet
  vpc_security_group_ids = [aws_security_group.this.id]
  tags                   = { Name = var.name }
}
output "id" { value = aws_instance.this.id }
