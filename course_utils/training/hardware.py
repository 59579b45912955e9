"""Where a network runs and in which numbers: device, precision, compilation, memory order."""

import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from course_utils.training.failures import DeviceError, check_one_device

PRECISIONS = {"float32": None, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """Say where and how to compute; the same training runs on any of it.

    Attributes:
        device: ``"auto"`` takes the accelerator that PyTorch finds (CUDA, MPS, XPU) and else the CPU;
            ``"gpu"`` demands an accelerator; a name such as ``"cpu"``, ``"cuda"`` or ``"cuda:1"`` demands
            that one.
        fall_back: whether the CPU may stand in for a demanded device that is not there.
        precision: ``"float32"``, or ``"bf16"`` or ``"fp16"`` by autocast (weights stay float32; ``"fp16"``
            scales the loss so that small gradients are not lost).
        compile: whether to run ``torch.compile`` on the model, or the name of one of its backends.
        channels_last: whether images and kernels are stored channel by channel at each pixel, which some
            convolutions do faster.

    Raises:
        ValueError: If the precision is not one of these.
    """

    device: str = "auto"
    fall_back: bool = False
    precision: Literal["float32", "bf16", "fp16"] = "float32"
    compile: bool | str = False
    channels_last: bool = False

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise ValueError(f"precision={self.precision!r} is unknown; give one of {', '.join(PRECISIONS)}")

    def find(self) -> torch.device:
        """Find the device.

        Returns:
            The device; under ``torchrun`` the one of this process.

        Raises:
            DeviceError: If a demanded device is not there and nothing may stand in for it.
        """
        best = torch.accelerator.current_accelerator(check_available=True)
        wanted: torch.device | None
        if self.device == "auto":
            wanted = best or torch.device("cpu")
        elif self.device == "gpu":
            wanted = best
        else:
            wanted = _named(self.device)
        if wanted is not None and (wanted.type == "cpu" or _is_there(wanted, best)):
            return _of_this_process(wanted)
        if self.fall_back:
            return torch.device("cpu")
        raise DeviceError(
            f"device={self.device!r} is not on this machine (PyTorch {torch.__version__} finds "
            f'{best or "no accelerator"}); take device="auto", or fall_back=True to let the CPU stand in'
        )

    def place(self, model: nn.Module, device: torch.device) -> nn.Module:
        """Move a model to the device, in the wanted memory order.

        Args:
            model: the model, changed in place.
            device: where to.

        Returns:
            What to call for a forward pass: the model, or its compiled form, which shares its parameters.

        Raises:
            DeviceError: If the model's parameters lie on several devices.
        """
        check_one_device(model)
        model.to(device)
        if self.channels_last:
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if not self.compile:
            return model
        backend = self.compile if isinstance(self.compile, str) else "inductor"
        return torch.compile(model, backend=backend)  # type: ignore[return-value]

    def arrange(self, x: Tensor) -> Tensor:
        """Put a batch into the wanted memory order.

        Args:
            x: a batch; only images, of shape (batch, channels, height, width), change.

        Returns:
            The same values.
        """
        return x.contiguous(memory_format=torch.channels_last) if self.channels_last and x.ndim == 4 else x

    def autocast(self, device: torch.device) -> AbstractContextManager[object]:
        """Return the context in which a forward pass runs.

        Args:
            device: where it runs.

        Returns:
            A context manager.
        """
        dtype = PRECISIONS[self.precision]
        return nullcontext() if dtype is None else torch.autocast(device.type, dtype=dtype)

    def scaler(self, device: torch.device) -> torch.amp.GradScaler:
        """Return what scales the loss of fp16, and does nothing otherwise.

        Args:
            device: where training runs.

        Returns:
            A gradient scaler.
        """
        return torch.amp.GradScaler(device.type, enabled=self.precision == "fp16")


def _named(name: str) -> torch.device:
    """Return the device of a name, or say which names there are."""
    try:
        return torch.device(name)
    except RuntimeError as error:
        raise DeviceError(
            f"device={name!r} is no name of a device; give auto, gpu, cpu, cuda, cuda:1, mps or xpu"
        ) from error


def _is_there(wanted: torch.device, best: torch.device | None) -> bool:
    """Tell whether an accelerator of this kind and number is on this machine."""
    if best is None or wanted.type != best.type:
        return False
    return (wanted.index or 0) < torch.accelerator.device_count()


def _of_this_process(device: torch.device) -> torch.device:
    """Give each process of one machine an accelerator of its own, as torchrun counts them."""
    if device.type == "cpu" or device.index is not None or "LOCAL_RANK" not in os.environ:
        return device
    return torch.device(device.type, int(os.environ["LOCAL_RANK"]))
