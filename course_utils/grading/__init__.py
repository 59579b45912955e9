"""Check a student's function and say what differs; generate, run and score labs."""

from course_utils.grading.failures import CheckFailed, TaskOpen
from course_utils.grading.selfcheck import open_lab

__all__ = ["CheckFailed", "TaskOpen", "open_lab"]
