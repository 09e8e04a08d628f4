"""What instructors run: hidden checks, quizzes, grading. Students do not get this."""
