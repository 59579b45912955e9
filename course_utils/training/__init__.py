"""Train networks on whatever a machine has: one loop that a student can read, and what makes it reliable."""

from course_utils.training.batches import Batches, random_shifts
from course_utils.training.checkpoints import Checkpoint
from course_utils.training.failures import (
    CheckpointError,
    DeviceError,
    DeviceMemoryError,
    NonFiniteLossError,
)
from course_utils.training.hardware import Hardware
from course_utils.training.history import History
from course_utils.training.loop import run_epochs, train
from course_utils.training.means import accuracy
from course_utils.training.measuring import evaluate, predict
from course_utils.training.randomness import seeded
from course_utils.training.schedules import Schedule, constant, cosine, exponential, one_cycle, step_decay
from course_utils.training.stopping import EarlyStopping
from course_utils.training.trials import Operation, Profile, learning_rate_range, profile_steps

__all__ = [
    "Batches",
    "Checkpoint",
    "CheckpointError",
    "DeviceError",
    "DeviceMemoryError",
    "EarlyStopping",
    "Hardware",
    "History",
    "NonFiniteLossError",
    "Operation",
    "Profile",
    "Schedule",
    "accuracy",
    "constant",
    "cosine",
    "evaluate",
    "exponential",
    "learning_rate_range",
    "one_cycle",
    "predict",
    "profile_steps",
    "random_shifts",
    "run_epochs",
    "seeded",
    "step_decay",
    "train",
]
