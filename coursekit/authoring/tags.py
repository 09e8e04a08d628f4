"""Let an unsolved notebook run to its end."""

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor


class MarkExercises(NbGraderPreprocessor):
    """Tags exercise and check cells `raises-exception` when nbgrader releases.

    An exercise that waits for its answer raises; with the tag the cells after it still
    run, in JupyterLab as well as in tests.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Add the tag to a cell that nbgrader grades or expects an answer in."""
        if utils.is_grade(cell) or utils.is_solution(cell):
            cell.metadata["tags"] = ["raises-exception"]
        return cell, resources
