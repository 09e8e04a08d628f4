"""From the lessons in `solutions/` to the notebooks of students.

`source` reads the file of a lesson, `rules` and `exercises` hold it to its form,
`lessons` keeps what follows the rules. `course` reads course.toml, `check_files` the
checks, `figure_files` the figures and `topics` what each section teaches, and each of
them holds the lessons to it.
`notebook` writes the complete notebook, `release` lets nbgrader make the student
version, and `build` puts them together.
"""
