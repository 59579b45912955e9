"""What a lab's module of checks is written with.

A module `checks/NN_name.py` ends with `LAB = Lab("NN_name", tasks=(Task(...), ...))`. A check draws inputs
from `rng`, calls `student` and compares with a value that was found in another way:

    def adds_the_bias(student: Student, rng: np.random.Generator) -> None:
        \"\"\"adds the bias to every output\"\"\"
        x, W, b = rng.normal(size=(4, 3)), np.zeros((2, 3)), rng.normal(size=2)
        want = np.tile(b, (4, 1))
        expect_close(student(x, W, b), want, what="z", causes={"the bias was not added": np.zeros((4, 2))})
"""

from course_utils.grading.expectations import expect, expect_array, expect_close, expect_equal
from course_utils.grading.failures import CheckFailed, TaskOpen
from course_utils.grading.student import Student
from course_utils.grading.tasks import Check, Lab, Property, Score, Task, score, score_function

__all__ = [
    "Check",
    "CheckFailed",
    "Lab",
    "Property",
    "Score",
    "Student",
    "Task",
    "TaskOpen",
    "expect",
    "expect_array",
    "expect_close",
    "expect_equal",
    "score",
    "score_function",
]
