"""From the lessons in `solutions/` to the notebooks of students.

`source` reads a lesson, `rules` and `exercises` hold it to its form, `notebook` writes
the complete notebook, `release` lets nbgrader make the student version, `course` reads
course.toml and `build` puts them together.
"""
