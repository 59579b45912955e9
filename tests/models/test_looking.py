"""What every layer puts out, and that looking leaves a network as it was."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.models import activations_of, lenet5, network_from_yaml
from tests.reference.refusals import assert_one_sentence


class Block(nn.Module):
    """A layer that runs twice, one that changes its input in place, and a sum."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 2, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.conv(self.relu(self.conv(x))) + x)


class Broken(nn.Module):
    """A network that fails after its first layer."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(2, 2)

    def forward(self, x):
        self.dense(x)
        raise RuntimeError("broken")


def hooks(model):
    return sum(len(module._forward_hooks) for module in model.modules())


def test_each_layer_reads_what_the_one_before_put_out():
    model = lenet5()
    x = torch.rand(3, 1, 28, 28)
    outputs = activations_of(model, x)
    assert list(outputs) == [name for name, _ in model.named_children()]
    for name, layer in model.named_children():
        x = layer(x)
        torch.testing.assert_close(outputs[name], x.detach())
        assert not outputs[name].requires_grad


def test_a_layer_that_runs_again_has_a_second_entry_and_nothing_is_overwritten():
    model, x = nn.Sequential(Block(), nn.Flatten()), torch.randn(1, 2, 4, 4)
    outputs = activations_of(model, x)
    block = model[0]
    assert list(outputs) == ["0.conv", "0.relu", "0.conv (2)", "0.relu (2)", "0", "1"]
    torch.testing.assert_close(outputs["0.conv"], block.conv(x).detach())
    assert outputs["0.conv"].min() < 0  # relu has not changed it
    torch.testing.assert_close(outputs["0.relu"], outputs["0.conv"].clamp(min=0))
    torch.testing.assert_close(outputs["0.conv (2)"], block.conv(outputs["0.relu"]).detach())
    torch.testing.assert_close(outputs["0"], outputs["0.relu (2)"])


def test_dropout_is_off_and_each_module_keeps_its_mode_and_its_statistics():
    model = network_from_yaml(
        "input: [2, 6, 6]\n"
        "layers: [{conv: {maps: 3, kernel: 3}}, batch_norm, flatten, {dropout: 0.5}, {dense: 4}]"
    )
    model.train()
    model.batch_norm_2.eval()
    modes = [module.training for module in model.modules()]
    before = {name: value.clone() for name, value in model.state_dict().items()}
    outputs = activations_of(model, torch.rand(5, 2, 6, 6))
    assert torch.equal(outputs["dropout_4"], outputs["flatten_3"])
    assert [module.training for module in model.modules()] == modes
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert hooks(model) == 0


def test_the_hooks_go_and_the_mode_stays_even_if_the_network_fails():
    model = Broken()
    with pytest.raises(RuntimeError, match="broken"):
        activations_of(model, torch.zeros(1, 2))
    assert hooks(model) == 0
    assert model.training


def test_hooks_of_others_stay():
    model, seen = lenet5(), []
    model.c1.register_forward_hook(lambda *_: seen.append("c1"))
    activations_of(model, torch.zeros(1, 1, 28, 28))
    assert seen == ["c1"]
    assert hooks(model) == 1


def test_a_recurrent_layer_shows_its_outputs():
    model = nn.ModuleDict({"gru": nn.GRU(3, 2, batch_first=True)})
    model.forward = lambda x: model["gru"](x)[0]
    assert activations_of(model, torch.zeros(4, 5, 3))["gru"].shape == (4, 5, 2)


@pytest.mark.parametrize(
    ("model", "x", "error", "sentence"),
    [
        ("lenet5", torch.zeros(1), TypeError, "model='lenet5' but a torch module is expected"),
        (nn.Sequential(nn.ReLU()), np.zeros(3), TypeError, "x is of type ndarray but a tensor is expected"),
        (nn.ReLU(), torch.zeros(1), ValueError, "a ReLU has no layers inside to look at"),
    ],
)
def test_looking_refuses(model, x, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        activations_of(model, x)
    assert_one_sentence(caught)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_network_on_the_gpu_is_looked_at_from_the_cpu():
    model = lenet5().cuda()
    outputs = activations_of(model, torch.zeros(2, 1, 28, 28))
    assert {output.device.type for output in outputs.values()} == {"cpu"}
