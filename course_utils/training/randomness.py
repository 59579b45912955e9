"""Seeds and random states: the same seed gives the same run, and the caller's own stream is left alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from course_utils.training.failures import whole_number

ORDER, NETWORK, CHANGES = 0, 1, 2  # what random numbers are for: order of examples, network, augmentation


def mixed_seed(*numbers: int, purpose: int) -> int:
    """Make one seed of several numbers, so that neighbours share nothing.

    Args:
        numbers: whole numbers from 0 on, such as a seed and an epoch, as many for each use of one purpose,
            since zeros at the end count for nothing.
        purpose: what for, so that no two purposes share a stream.

    Returns:
        A seed of 63 bits.
    """
    mixed = np.random.SeedSequence(numbers, spawn_key=(purpose,) if purpose else ())
    return int(mixed.generate_state(1, np.uint64)[0] >> np.uint64(1))


def random_state(device: torch.device) -> dict[str, Any]:
    """Read where PyTorch's random streams stand.

    Args:
        device: whose stream to read beside the CPU's.

    Returns:
        One state for the CPU, and one for the device if it has a stream of its own.
    """
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if device.type != "cpu":
        state[device.type] = torch.get_device_module(device).get_rng_state()
    return state


def set_random_state(state: Mapping[str, Any], device: torch.device) -> None:
    """Set PyTorch's random streams to where they stood.

    Args:
        state: what `random_state` returned, here or on another device.
        device: whose stream to set beside the CPU's; left as it is if the state knows no such device.
    """
    torch.set_rng_state(state["cpu"].cpu())
    if device.type in state and device.type != "cpu":
        torch.get_device_module(device).set_rng_state(state[device.type].cpu())


@contextmanager
def seeded(seed: int, device: torch.device | str = "cpu") -> Iterator[None]:
    """Seed PyTorch's random numbers for a while, and put the streams back where they stood.

    Args:
        seed: a whole number from 0 on.
        device: whose stream to seed beside the CPU's.

    Raises:
        ValueError: If the seed is negative.
        TypeError: If it is no whole number.
    """
    seed = whole_number("seed", seed, 0, "any whole number from 0 on will do")
    place = torch.device(device)
    before = random_state(place)
    torch.manual_seed(seed)
    try:
        yield
    finally:
        set_random_state(before, place)
