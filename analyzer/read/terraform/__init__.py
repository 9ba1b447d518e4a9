"""Terraform: plans and states as JSON, to rows of AWS's answers. Nothing else in the project knows the formats of Terraform.

`documents` tells what a document is and lists its resources, `references` finds what expressions of the configuration name, `values`
puts ids in place of what is known after it is made only, and `table` says which attribute is which field of AWS's answers.
"""
