"""A small network that has all that a checkpoint must hold, and data for it."""

import torch
from torch import nn

from course_utils.training import Batches, Hardware

CPU = Hardware(device="cpu")


def network(seed=0):
    """Make a network with batch norm and dropout, always with the same first weights, and its optimizer."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(20, 30), nn.BatchNorm1d(30), nn.ReLU(), nn.Dropout(0.3), nn.Linear(30, 4))
    return model, torch.optim.AdamW(model.parameters(), lr=0.01)


def plain(seed=0):
    """Make a network without batch norm and dropout, so that a batch may be cut into parts."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(20, 30), nn.Tanh(), nn.Linear(30, 4))
    return model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def examples(count=203, seed=1):
    """Make inputs whose labels can be learned."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(count, 20, generator=generator)
    return x, x[:, :4].argmax(dim=1)


def batches(count=203, **options):
    """Make batches of 32."""
    return Batches(*examples(count), **{"batch_size": 32, **options})


def measured(history):
    """Return a history without the clock."""
    return {name: history[name] for name in history if name != "seconds"}


def same_weights(one, other):
    """Tell whether two models are the same, bit for bit."""
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(name == its_name and torch.equal(value, its) for (name, value), (its_name, its) in pairs)
