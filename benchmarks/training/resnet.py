"""ResNet-18 for images of 32 x 32 pixels, how much it computes, and how much a card could."""

from __future__ import annotations

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

# Dense bf16 tera-operations a second by the makers' data sheets; the first name that fits counts.
PEAKS = {
    "H100 PCIe": 756.0,
    "H100": 989.0,
    "H200": 989.0,
    "A100": 312.0,
    "L40S": 362.0,
    "L4": 121.0,
    "RTX 4090": 165.2,
}


class Block(nn.Module):
    """Two 3 x 3 convolutions and a way around them (He and others, 2016, figure 2)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.around = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.around = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.inner(x) + self.around(x))


class ResNet18(nn.Sequential):
    """Eighteen layers; the first convolution is 3 x 3 without pooling, as is usual for small images."""

    def __init__(self, classes: int = 10, *, width: int = 64) -> None:
        layers: list[nn.Module] = [
            nn.Conv2d(3, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
        ]
        inputs = width
        for stage in range(4):
            outputs = width * 2**stage
            layers += [Block(inputs, outputs, 1 if stage == 0 else 2), Block(outputs, outputs, 1)]
            inputs = outputs
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


def operations_an_image(network: nn.Module, shape: tuple[int, int, int] = (3, 32, 32)) -> float:
    """Count multiplications and additions of one training step for one image, forward and backward."""
    x, t = torch.zeros(2, *shape), torch.zeros(2, dtype=torch.long)
    with FlopCounterMode(display=False) as counter:
        nn.functional.cross_entropy(network(x), t).backward()
    return counter.get_total_flops() / 2


def peak_of(card: str) -> float | None:
    """Return a card's dense bf16 peak in tera-operations a second, or None for one that is not listed."""
    return next((peak for name, peak in PEAKS.items() if name in card), None)
