"""Mutants: right answers with one mistake each, to measure the checks.

`operators` makes them, `running` lets the checks judge them, and `make mutants` prints
how many are refused. A check that accepts a mutant has a hole, unless the mutant is
right as well; such equivalents stand beside the answers, with a reason.
"""
