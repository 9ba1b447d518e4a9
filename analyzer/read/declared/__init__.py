"""Networks that are declared in code and not yet there: the half that Terraform and CloudFormation share.

A language's own half turns what it reads into `Declared` resources, whose references are ids; its translator table (`shape`) turns
these into rows of AWS's own answers, and parts of such rows (`draft`). What AWS makes by itself is added (`made`), and what nobody
knows before it is there is chosen so that it decides nothing, or else left in doubt (`chosen`). From there on rows are rows.
"""
