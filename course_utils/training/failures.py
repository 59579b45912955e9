"""What can go wrong while a network trains, each in one clear sentence with a remedy."""

import operator
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from course_utils.training.history import History

UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40, "bytes": 1}
IGNORED = -100  # a label that PyTorch's cross-entropy leaves out


class NonFiniteLossError(ArithmeticError):
    """Say that the loss is no longer a number: at which step, with which learning rate, what to try.

    Attributes:
        history: what was measured in the epochs before.
    """

    history: History = History()


class DeviceMemoryError(RuntimeError):
    """Say that the device's memory is full: what was asked for, and three remedies."""


class DeviceError(RuntimeError):
    """Say that a device is not there, or that a model and its data lie on different ones."""


class CheckpointError(ValueError):
    """Say why a file cannot be gone on from."""


def whole_number(name: str, value: Any, least: int, remedy: str = "it is a whole number") -> int:
    """Make sure that a setting is a whole number.

    Args:
        name: what the setting is called.
        value: what was given; NumPy's whole numbers become Python's own, which a checkpoint holds.
        least: smallest value allowed.
        remedy: end of the sentence on a number that is too small.

    Returns:
        The number.

    Raises:
        TypeError: If it is no whole number.
        ValueError: If it is too small.
    """
    try:
        number = operator.index(value)
    except TypeError as error:
        raise TypeError(
            f"{name}={value!r} is of type {type(value).__name__}, but expected is a whole number from "
            f"{least} on; give an int"
        ) from error
    if number < least:
        raise ValueError(f"{name}={value} must be at least {least}; {remedy}")
    return number


def non_finite(value: float, *, step: int, epoch: int, learning_rate: float) -> NonFiniteLossError:
    """Describe a loss that is infinite or not a number.

    Args:
        value: the loss.
        step: which step of the epoch, from 1.
        epoch: which epoch, from 1.
        learning_rate: rate of the first parameter group at that step.

    Returns:
        The error to raise.
    """
    where = f"the loss is {value} at step {step} of epoch {epoch}, with learning rate {learning_rate:.3g}"
    if step == epoch == 1:
        remedy = "no step was taken before, so look for NaN or huge values in x and in the first weights"
    else:
        remedy = (
            f"try a rate ten times smaller ({learning_rate / 10:.3g}), clip_norm=1.0 or a warm-up, and "
            "look for NaN or huge values in x"
        )
    return NonFiniteLossError(f"{where}; {remedy}")


@contextmanager
def explained(*, batch: int, precision: str) -> Iterator[None]:
    """Turn PyTorch's errors about memory, devices, number types and compilers into one sentence each.

    Args:
        batch: examples in a batch, for the remedies.
        precision: what the network computes in, for the remedies.

    Raises:
        DeviceMemoryError: the device's memory is full.
        DeviceError: the model and its data lie on different devices, or nothing compiles here.
        TypeError: the model's weights and x are numbers of different types.
        ValueError: batch norm was given one example, or the loss depends on no weight that learns.
    """
    try:
        yield
    except ValueError as error:
        if "Expected more than 1 value per channel" in str(error):
            raise ValueError(
                "batch norm cannot train on one example alone, but the smallest batch, or part of one, has "
                "only one; choose a batch_size that leaves two or more over, a smaller accumulate, or "
                "drop_last=True of a DataLoader"
            ) from error
        raise
    except RuntimeError as error:
        text = str(error)
        if isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in text:
            raise DeviceMemoryError(_out_of_memory(text, batch, precision)) from error
        if re.search("all tensors to be on the same device|not on the expected device", text):
            raise DeviceError(
                "model and data lie on different devices: move what forward uses with register_buffer or "
                f".to(x.device), so that it follows the model (PyTorch says: {text.splitlines()[0]})"
            ) from error
        if re.search("must have the same dtype|should be the same$|expected m1 and m2 to have", text):
            raise TypeError(
                "x and the model's weights are numbers of different types; give x as floating-point numbers "
                f"and the model in float32 (model.float()) (PyTorch says: {text.splitlines()[0]})"
            ) from error
        if "does not require grad" in text:
            raise ValueError(
                "the loss depends on no weight that learns, so there is no gradient; look for detach(), "
                "no_grad or numpy() in forward and in the loss"
            ) from error
        if "device-side assert" in text:
            raise DeviceError(
                "the GPU found an index out of range, most often a label without a logit; run one batch on "
                "the CPU to see which, and restart Python, since the GPU answers no more"
            ) from error
        if type(error).__module__.startswith(("torch._inductor", "torch._dynamo")):
            raise DeviceError(
                "torch.compile cannot work here, most often because no C++ compiler is installed; install "
                f"one or leave compile=False (PyTorch says: {text.splitlines()[0]})"
            ) from error
        raise


def _out_of_memory(text: str, batch: int, precision: str) -> str:
    """Return the sentence on a full memory: what was asked for, and three remedies."""
    found = re.search(r"[Tt]ried to allocate ([\d.]+) ?(bytes|[KMGT]iB)", text)
    asked = f"{float(found[1]) * UNITS[found[2]] / 2**30:,.2f} GiB" if found else "more than there is"
    smaller = 'precision="bf16"' if precision == "float32" else "a narrower network"
    return (
        f"the device's memory is full: a batch of {batch} asked for {asked} at once; try "
        f"batch_size={max(1, batch // 2)}, the same batch in pieces (accumulate=4), or {smaller}"
    )


def check_labels(y: Tensor, lowest: int, highest: int) -> None:
    """Compare the labels of a whole data set with the width of the logits.

    Args:
        y: logits, shape (batch, classes, ...).
        lowest: smallest label.
        highest: largest label.

    Raises:
        ValueError: a label has no logit.
    """
    classes = y.shape[1] if y.ndim > 1 else 0
    if lowest < 0 or highest >= classes:
        raise ValueError(
            f"labels go from {lowest} to {highest} but the model gives {classes} logits for each example "
            f"(y.shape={tuple(y.shape)}), which are for labels 0 to {classes - 1}; give the last layer "
            f"{highest + 1} outputs, or number the labels from 0"
        )


def check_one_device(model: nn.Module) -> None:
    """Make sure that a model lies on one device.

    Args:
        model: any module.

    Raises:
        DeviceError: it is spread over several.
    """
    places = {str(each.device) for each in (*model.parameters(), *model.buffers())}
    if len(places) > 1:
        raise DeviceError(
            f"the model's parameters lie on {len(places)} devices ({', '.join(sorted(places))}) but training "
            "expects one; move all of it with model.to(device)"
        )
