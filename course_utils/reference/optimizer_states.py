"""What an optimiser's step is given: weights, their gradient, its settings, and what the step before left."""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_same_shape, float_array
from course_utils.reference.settings import fraction, non_negative, positive


@dataclass(frozen=True, eq=False)
class MomentumState:
    """Hold what a momentum step hands to the next.

    Attributes:
        v: Velocity, the decaying sum of the gradients so far, shape of the weights.
    """

    v: FloatArray


@dataclass(frozen=True, eq=False)
class RMSpropState:
    """Hold what an RMSprop step hands to the next.

    Attributes:
        v: Running mean of the squared gradients, shape of the weights.
    """

    v: FloatArray


@dataclass(frozen=True, eq=False)
class AdamState:
    """Hold what an Adam or AdamW step hands to the next.

    Attributes:
        m: Running mean of the gradients, shape of the weights.
        v: Running mean of the squared gradients, shape of the weights.
        steps: Number of steps so far.
    """

    m: FloatArray
    v: FloatArray
    steps: int


State = TypeVar("State", MomentumState, RMSpropState, AdamState)


def weights_and_gradient(w: ArrayLike, w_bar: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return two arrays of floats of one shape and of the weights' precision."""
    w, w_bar = _floats(w, "w"), _floats(w_bar, "w_bar")
    check_same_shape(w, "w", w_bar, "w_bar")
    return w, w_bar.astype(w.dtype, copy=False)


def _floats(value: ArrayLike, name: str) -> FloatArray:
    """Return an array of floats, and no integers: a step is a fraction, for which they have no room."""
    array, dtype = float_array(value, name), np.asarray(value).dtype
    if dtype.kind != "f":
        raise TypeError(
            f"{name} must hold floats, but its dtype is {dtype}; convert it with np.asarray({name}, float)"
        )
    return array


def settings(**given: float) -> tuple[float, ...]:
    """Return the settings of a rule as Python floats, each in the range that its name asks for."""
    checks = {"learning_rate": non_negative, "weight_decay": non_negative, "epsilon": positive}
    return tuple(checks.get(name, fraction)(value, name) for name, value in given.items())


def check_no_state(state: object) -> None:
    """Raise a TypeError if a rule without a state is given one."""
    if state is not None:
        raise TypeError(
            f"state is of type {type(state).__name__} but sgd_step remembers nothing; leave the state out"
        )


def state_so_far(state: State | None, start: State) -> State:
    """Return the state of the step before, or the start; refuse one of another rule or of other weights."""
    if state is None:
        return start
    if not isinstance(state, type(start)):
        raise TypeError(
            f"state is of type {type(state).__name__} but this rule makes {type(start).__name__}; "
            "pass what its step before returned, or None before the first"
        )
    for field in fields(start):
        given, expected = np.shape(getattr(state, field.name)), np.shape(getattr(start, field.name))
        if given != expected:
            raise ValueError(
                f"state.{field.name} has shape {given} but w has shape {expected}; "
                "keep one state for each array of weights"
            )
    return state
