"""How nbgrader works on this course; `nbgrader` commands here read it by themselves."""

from pathlib import Path

from coursekit.authoring.marks import CODE_STUB, TEXT_STUB
from coursekit.authoring.tags import MarkExercises
from coursekit.grading import configure, configure_feedback
from coursekit.grading.course import SETTINGS, titles

c = get_config()  # noqa: F821 (nbgrader gives it to this file)

c.CourseDirectory.course_id = "convnets"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "notebooks"

c.ClearSolutions.code_stub = {"python": CODE_STUB}
c.ClearSolutions.text_stub = TEXT_STUB
c.GenerateAssignment.preprocessors.append(MarkExercises)

# What students hand in runs in a sandbox, and only as far as a verdict needs it.
configure(c, SETTINGS)
configure_feedback(c, *titles(Path(__file__).parent))

# A check that a student deleted is put back, so that its points are not lost.
c.OverwriteCells.add_missing_cells = True
