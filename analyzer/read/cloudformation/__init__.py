"""CloudFormation: templates, CDK's cloud assemblies, to rows of AWS's answers. Nothing else in the project knows their formats.

`documents` tells what a document is, `assembly` which templates become which stacks, `stack` what one of them declares, `values` and
`functions` what its expressions give, and `table` says which property is which field of AWS's answers.
"""
