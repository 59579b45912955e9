"""Processes that train one network together, as torchrun starts them; alone, a process is a team of one."""

import atexit
import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import torch
import torch.distributed as dist
from torch import nn

PATIENCE = timedelta(minutes=10)  # how long a process waits for the others


@dataclass(frozen=True)
class Team:
    """Say which of how many processes this is.

    Attributes:
        rank: number of this process, from 0.
        world: number of processes.
    """

    rank: int = 0
    world: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes files and shows progress."""
        return self.rank == 0

    def wrap(self, model: nn.Module, device: torch.device) -> nn.Module:
        """Let the gradients of all processes be averaged whenever they are computed.

        Args:
            model: what to call for a forward pass.
            device: where it lies.

        Returns:
            The model itself in a team of one, and else `DistributedDataParallel` around it.
        """
        if self.world == 1:
            return model
        places = [device.index] if device.index is not None else None
        return nn.parallel.DistributedDataParallel(model, device_ids=places)

    def apart(self, forward: nn.Module) -> AbstractContextManager[object]:
        """Let gradients add up in each process for a while, so that they travel once, after the last part.

        Args:
            forward: what `wrap` returned.

        Returns:
            A context manager for forward and backward passes.
        """
        return nullcontext() if self.world == 1 else cast(Any, forward).no_sync()

    def total(self, values: list[float]) -> list[float]:
        """Add up values of all processes.

        Args:
            values: as many in each process.

        Returns:
            Their sums, the same in each process.
        """
        if self.world == 1:
            return values
        return [sum(each) for each in zip(*self.gathered(values), strict=True)]

    def share_buffers(self, model: nn.Module) -> None:
        """Give every process the first one's running averages, so that all of them judge the same model.

        Args:
            model: the model; its buffers are changed in place.
        """
        if self.world > 1:
            for buffer in model.buffers():
                dist.broadcast(buffer, src=0)

    def gathered(self, value: Any) -> list[Any]:
        """Collect a value of each process.

        Args:
            value: anything that can be pickled, from a process of this very run.

        Returns:
            The values of all processes in order of rank.
        """
        if self.world == 1:
            return [value]
        values: list[Any] = [None] * self.world
        dist.all_gather_object(values, value)
        return values


def join_team(device: torch.device) -> Team:
    """Join the processes that torchrun has started, or be alone.

    Args:
        device: where this process computes; decides how gradients travel (NCCL on CUDA, else Gloo).

    Returns:
        This process's place among them.
    """
    if dist.is_available() and dist.is_initialized():
        return Team(dist.get_rank(), dist.get_world_size())
    if int(os.environ.get("WORLD_SIZE", "1")) == 1 or "RANK" not in os.environ:
        return Team()
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=PATIENCE)
    atexit.register(_leave_team)
    return Team(dist.get_rank(), dist.get_world_size())


def _leave_team() -> None:
    """Close the connections to the other processes."""
    if dist.is_initialized():
        dist.destroy_process_group()
