"""The figures of the papers beside ours: recipes, runs, results.

    python -m coursekit.papers             # the table
    python -m coursekit.papers lenet5      # train as the recipe says, keep the result

In a lesson: `papers.table("resnet20", "resnet56")`.
"""

from coursekit.papers.recipes import RECIPES, Recipe
from coursekit.papers.results import RESULTS, Result, merge, read
from coursekit.papers.table import Table, table

__all__ = ["RECIPES", "RESULTS", "Recipe", "Result", "Table", "merge", "read", "table"]
