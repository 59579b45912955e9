"""Break a lab's reference solution in small ways, and see whether its checks notice."""

from course_utils.grading.mutation.equivalents import Equivalent, EquivalentsError, read_equivalents
from course_utils.grading.mutation.laboratory import LEAST_KILLED, LabReport, TaskReport, mutate_lab
from course_utils.grading.mutation.processes import Processes
from course_utils.grading.mutation.trials import ReferenceWrongError

__all__ = [
    "LEAST_KILLED",
    "Equivalent",
    "EquivalentsError",
    "LabReport",
    "Processes",
    "ReferenceWrongError",
    "TaskReport",
    "mutate_lab",
    "read_equivalents",
]
