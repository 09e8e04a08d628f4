"""Attacks on grading: answers, notebooks and folders of students."""
