"""Counts of live torch modules of any topology, and what a count leaves as it was."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from course_utils.shapes import count_module, receptive_fields_of, total


class Residual(nn.Module):
    """Two branches that meet again, joined by functions."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 3, 3, padding=1)
        self.second = nn.Conv2d(3, 3, 3, padding=1, bias=False)
        self.shortcut = nn.Conv2d(2, 3, 1)
        self.norm = nn.BatchNorm2d(3)
        self.dense = nn.Linear(3, 4)

    def forward(self, x):
        h = torch.relu(self.first(x))
        h = self.norm(self.second(h)) + self.shortcut(x)
        return self.dense(h.mean((2, 3)))


class Twice(nn.Module):
    """One layer run twice, and another that has its weight but not its bias."""

    def __init__(self):
        super().__init__()
        self.layer, self.tied = nn.Conv1d(2, 2, 3, padding=1), nn.Conv1d(2, 2, 3, padding=1)
        self.tied.weight = self.layer.weight

    def forward(self, x):
        return self.tied(self.layer(self.layer(input=x)))


def parameters_of(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_rows_come_in_the_order_in_which_the_layers_ran():
    module = Residual()
    rows = count_module(module, torch.zeros(2, 2, 5, 6))
    assert [row.name for row in rows] == ["first", "second", "norm", "shortcut", "dense"]
    assert [row.connections for row in rows] == [30 * 9 * 6, 30 * 9 * 9, 90, 30 * 6, 12]
    assert total(rows).parameters == parameters_of(module)


def test_what_is_used_again_has_connections_again_but_no_further_weights():
    module = Twice()
    rows = count_module(module, torch.zeros(1, 2, 7))
    assert [row.name for row in rows] == ["layer", "layer", "tied"]
    assert [row.connections for row in rows] == [7 * 12] * 3
    assert [row.units for row in rows] == [14] * 3
    assert [(row.weights, row.biases) for row in rows] == [(12, 2), (0, 0), (0, 2)]
    assert total(rows).parameters == parameters_of(module)


def test_a_layer_alone_is_counted_as_well():
    (row,) = count_module(nn.Conv2d(3, 4, 3, groups=1), torch.zeros(1, 3, 5, 5))
    assert (row.name, row.output_shape, row.parameters) == ("Conv2d", (4, 3, 3), 112)


def test_a_class_derived_from_a_layer_counts_as_that_layer():
    class Scaled(nn.Linear):
        def forward(self, x):
            return 2 * super().forward(x)

    (row,) = count_module(Scaled(3, 2), torch.zeros(1, 3))
    assert (row.kind, row.parameters) == ("fully connected", 8)


def test_lazy_layers_are_counted_once_they_know_their_inputs():
    module = nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(2))
    assert total(count_module(module, torch.zeros(1, 3, 5, 5))).parameters == 4 * 27 + 4 + 36 * 2 + 2


def test_a_normalised_weight_is_counted_as_that_of_its_layer():
    module = torch.nn.utils.parametrizations.spectral_norm(nn.Conv2d(2, 3, 3))
    (row,) = count_module(module, torch.zeros(1, 2, 4, 4))
    assert (row.name, row.weights, row.biases) == ("ParametrizedConv2d", 54, 3)


def test_a_dense_layer_works_at_each_place_of_a_sequence():
    (row,) = count_module(nn.Linear(3, 2), torch.zeros(4, 5, 3))
    assert (row.units, row.weights, row.connections) == (10, 6, 30)


def test_a_layer_that_runs_on_parts_of_each_example_is_counted_for_each_part():
    class Frames(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 2, 3)

        def forward(self, x):
            return self.conv(x.flatten(0, 1))

    (row,) = count_module(Frames(), torch.zeros(2, 5, 1, 4, 4))
    assert (row.units, row.weights, row.connections) == (5 * 8, 18, 5 * 4 * 18)


def test_layers_without_parameters_have_a_row_without_connections():
    module = nn.Sequential(
        nn.ReLU(), nn.Upsample(scale_factor=2), nn.Dropout(), nn.Identity(), nn.LocalResponseNorm(3)
    )
    rows = count_module(module, torch.zeros(1, 2, 3, 3))
    assert [row.kind for row in rows] == [
        "relu",
        "upsample",
        "dropout",
        "identity",
        "local response normalisation",
    ]
    assert [row.units for row in rows] == [0, 72, 0, 0, 0]
    assert total(rows).connections == 0


def test_pooling_that_returns_its_places_too_is_counted():
    (row,) = count_module(nn.MaxPool2d(2, return_indices=True), torch.zeros(1, 2, 4, 4))
    assert (row.output_shape, row.connections) == ((2, 2, 2), 32)


@pytest.mark.parametrize("read", [count_module, receptive_fields_of])
@pytest.mark.parametrize("fails", [False, True])
def test_everything_is_left_as_it_was(read, fails):
    module = nn.Sequential(
        nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(inplace=True), nn.Dropout(), nn.Conv2d(3, 1, 3)
    )
    module[1].eval()  # a mode of its own
    module[0].weight.grad = torch.full_like(module[0].weight, 5.0)
    x = torch.randn(2, 2, 4 if fails else 6, 6, requires_grad=True)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    x_before, random_before = x.detach().clone(), torch.get_rng_state()
    if fails:
        with pytest.raises(RuntimeError, match="Kernel size"):
            read(module, x)
    else:
        read(module, x)
    assert [part.training for part in module.modules()] == [True, True, False, True, True, True]
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert torch.equal(module[0].weight.grad, torch.full_like(module[0].weight, 5.0))
    assert [parameter.grad is None for parameter in module.parameters()] == [False, *[True] * 5]
    assert x.grad is None
    assert x.requires_grad
    assert torch.equal(x, x_before)
    assert torch.equal(torch.get_rng_state(), random_before)
    assert torch.is_grad_enabled()


def test_counting_needs_no_gradients():
    with torch.no_grad():
        assert total(count_module(nn.Linear(3, 2), torch.zeros(1, 3))).parameters == 8


def test_describing_loads_no_torch():
    code = (
        "import sys; from course_utils import shapes; "
        "rows = shapes.count_network([shapes.Conv(6, 5)], (1, 28, 28)); print(shapes.table(rows)); "
        "shapes.receptive_fields([shapes.Conv(6, 5)], (1, 28, 28)); "
        "sys.exit(bool({'torch', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=120).returncode == 0


class Unused(nn.Module):
    def __init__(self):
        super().__init__()
        self.used, self.unused = nn.Linear(3, 2), nn.Linear(3, 5, bias=False)

    def forward(self, x):
        return self.used(x)


class Held(nn.Module):
    """Has a parameter that belongs to no layer."""

    def __init__(self):
        super().__init__()
        self.scale, self.layer = nn.Parameter(torch.ones(3)), nn.Linear(3, 2)

    def forward(self, x):
        return self.layer(self.scale * x)


class Shuffled(nn.Module):
    """Reads a batch whose first axis holds something else."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, x):
        return self.layer(x.T)


class Nothing(nn.Module):
    def forward(self, _):
        return 1.0


class OneByOne(nn.Conv2d):
    """A layer whose output its options do not describe."""

    def forward(self, x):
        return super().forward(x)[:, :, :1]


class Joined(nn.Conv2d):
    """A layer with more weights than its options describe."""

    def __init__(self):
        super().__init__(1, 1, 2)
        self.more = nn.Linear(2, 2)


BAD = {
    "described layers": ([], torch.zeros(1, 3), TypeError, r"module is \[\] but a torch module is expected"),
    "a class": (nn.Linear, torch.zeros(1, 3), TypeError, "but a torch module is expected"),
    "a list": (nn.Linear(3, 2), [[1.0, 2.0, 3.0]], TypeError, "x is of type list but a tensor"),
    "no examples": (nn.Linear(3, 2), torch.zeros(0, 3), ValueError, r"x has shape \(0, 3\) but"),
    "no batch": (nn.Linear(3, 2), torch.zeros(3), ValueError, r"x has shape \(3,\) but \(batch, ...\)"),
    "an image without a batch": (
        nn.Conv2d(3, 2, 3),
        torch.zeros(3, 8, 8),
        ValueError,
        r"Conv2d: its output has shape \(2, 6, 6\) but x has 3 examples; keep the batch",
    ),
    "an unknown layer": (
        nn.Sequential(nn.Linear(3, 2), nn.PReLU()),
        torch.zeros(1, 3),
        ValueError,
        r"^1: PReLU has parameters of its own \(weight\), and how it connects them is not known",
    ),
    "a parameter of its own": (
        Held(),
        torch.zeros(1, 3),
        ValueError,
        r"Held: Held has parameters .* \(scale\)",
    ),
    "a layer that did not run": (
        Unused(),
        torch.zeros(1, 3),
        ValueError,
        "unused.weight has 15 parameters but no layer that ran holds it",
    ),
    "unknown pooling": (
        nn.FractionalMaxPool2d(2, output_size=2),
        torch.zeros(1, 1, 4, 4),
        ValueError,
        "FractionalMaxPool2d is a kind of pooling that is not known",
    ),
    "pooling of another norm": (
        nn.Sequential(nn.LPPool2d(3, 2)),
        torch.zeros(1, 1, 4, 4),
        ValueError,
        r"^0: norm_type=3 but only 2 \(L2 pooling\) is counted",
    ),
    "an odd flatten": (
        nn.Flatten(2),
        torch.zeros(1, 1, 4, 4),
        ValueError,
        "start_dim=2 and end_dim=-1 but only",
    ),
    "another first axis": (Shuffled(), torch.zeros(2, 3), ValueError, r"shape \(3, 2\) but x has 2 examples"),
    "no tensor": (Nothing(), torch.zeros(1, 3), TypeError, "run without a tensor"),
    "another output": (
        OneByOne(1, 1, 2),
        torch.zeros(1, 1, 4, 4),
        ValueError,
        r"puts out \(1, 3, 3\) but .* \(1, 1, 3\)",
    ),
    "other weights": (
        Joined(),
        torch.zeros(1, 1, 4, 4),
        ValueError,
        "holds 11 parameters but a Joined .* has 5",
    ),
}


@pytest.mark.parametrize(("module", "x", "error", "sentence"), BAD.values(), ids=BAD)
def test_what_cannot_be_counted_is_said_in_a_sentence_and_leaves_no_hooks(module, x, error, sentence):
    with pytest.raises(error, match=sentence):
        count_module(module, x)
    if isinstance(module, nn.Module):
        assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
        assert module.training
