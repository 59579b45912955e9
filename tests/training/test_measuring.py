"""Means count each example alike, and measuring leaves a model as it was."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import Batches, accuracy, evaluate, predict, train
from course_utils.training.distributed import Team
from course_utils.training.means import Means
from tests.training.small import CPU, batches, examples, network, plain

SETTINGS = {"hardware": CPU, "progress": False}


def modes(model):
    """Return the mode of every module."""
    return [module.training for module in model.modules()]


@pytest.mark.parametrize("call", [
    lambda model, x, t: evaluate(model, (x, t), hardware=CPU),
    lambda model, x, _: predict(model, x, hardware=CPU),
])  # fmt: skip
@pytest.mark.parametrize("broken", [False, True])
def test_the_mode_of_each_module_is_as_it_was(call, broken):
    model, _ = network()
    model.train()
    model[1].eval()
    before = modes(model)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    x, t = examples(20)
    if broken:
        with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
            call(model, x[:, :3], t)
    else:
        call(model, x, t)
    assert modes(model) == before
    assert len(set(before)) == 2
    assert torch.is_grad_enabled()
    assert all(torch.equal(value, weights[name]) for name, value in model.state_dict().items())
    assert all(each.grad is None for each in model.parameters())


def test_evaluation_is_the_mean_over_examples_of_any_batches():
    model, _ = network()
    x, t = examples(1203)
    with torch.no_grad():
        y = model.eval()(x)
        wanted = {"loss": float(F.cross_entropy(y, t)), "accuracy": float((y.argmax(1) == t).double().mean())}
    loader = DataLoader(TensorDataset(x, t), batch_size=500)
    for data in ((x, t), Batches(x, t, batch_size=7), (x.numpy(), t.numpy()), loader):
        assert evaluate(model, data, hardware=CPU) == pytest.approx(wanted, abs=1e-6)
    got = evaluate(model, (x, t), loss=F.cross_entropy, metrics={"first": lambda y, _: y[:, 0]}, hardware=CPU)
    assert list(got) == ["loss", "first"]
    assert got["first"] == pytest.approx(float(y[:, 0].mean()), abs=1e-6)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_predictions_come_in_order_whatever_the_batches(size):
    model, _ = network()
    x, _ = examples(30)
    y = predict(model, x.double().numpy(), batch_size=size, hardware=CPU)
    with torch.no_grad():
        torch.testing.assert_close(y, model.eval()(x), rtol=1e-5, atol=1e-6)
    assert not y.requires_grad
    assert y.dtype == torch.float32


def test_predictions_of_bytes_are_of_scaled_images():
    images = np.random.default_rng(0).integers(0, 256, (5, 1, 2, 2)).astype(np.uint8)
    y = predict(nn.Flatten(), images, hardware=CPU)
    np.testing.assert_allclose(y.numpy(), images.reshape(5, 4) / 255, atol=1e-6)


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (-1, ValueError), (2.5, TypeError)])
def test_a_batch_of_predictions_holds_whole_examples(size, error):
    with pytest.raises(error, match=f"batch_size={size} "):
        predict(plain()[0], examples()[0], batch_size=size, hardware=CPU)


def test_nothing_to_predict_is_a_mistake():
    with pytest.raises(ValueError, match="the data are empty: x has no example"):
        predict(plain()[0], np.zeros((0, 20)), hardware=CPU)


def test_masks_are_labels_of_every_pixel():
    x = torch.randn(6, 3, 4, 5)
    t = torch.randint(0, 2, (6, 4, 5))
    model = nn.Conv2d(3, 2, 1)
    history = train(model, torch.optim.SGD(model.parameters(), lr=0.0), (x, t), (x, t), epochs=1, **SETTINGS)
    with torch.no_grad():
        wanted = float((model(x).argmax(1) == t).float().mean())
    assert history["validation_accuracy"][0] == pytest.approx(wanted, abs=1e-6)
    t[0, 0, 0] = 2
    with pytest.raises(ValueError, match="labels go from 0 to 2 but the model gives 2 logits"):
        evaluate(model, (x, t), hardware=CPU)


@pytest.mark.parametrize(
    ("y", "t"), [((5, 1), (5, 1)), ((5,), (5,)), ((5, 3), (5, 3)), ((5, 2, 4), (5,)), ((5, 2), (4,))]
)
def test_accuracy_wants_a_label_for_each_row_of_logits(y, t):
    with pytest.raises(ValueError, match=r"accuracy needs logits of shape .* give metrics=\{\}, or a metric"):
        accuracy(torch.zeros(y), torch.zeros(t, dtype=torch.int64))


@pytest.mark.parametrize(
    ("metric", "error", "match"),
    [
        (
            lambda y, t: (y.argmax(1) == t).float().mean(),
            ValueError,
            r"metric 'mine' gives values of shape \(\)",
        ),
        (
            lambda y, _: y[:3, 0],
            ValueError,
            r"gives values of shape \(3,\) for a batch of 32, but expected is one",
        ),
        (
            lambda *_: 0.5,
            TypeError,
            "metric 'mine' gives float, but expected is a tensor with one value per",
        ),
    ],
)
def test_a_metric_gives_one_value_for_each_example(metric, error, match):
    model, optimizer = plain()
    with pytest.raises(error, match=match):
        train(model, optimizer, batches(), epochs=1, metrics={"mine": metric}, **SETTINGS)


def test_a_metric_of_truth_values_is_a_share():
    model, optimizer = plain()
    history = train(model, optimizer, batches(), epochs=1, metrics={"right": lambda y, t: y.argmax(1) == t},
                    **SETTINGS)  # fmt: skip
    again, optimizer = plain()
    assert (
        history["train_right"] == train(again, optimizer, batches(), epochs=1, **SETTINGS)["train_accuracy"]
    )


def test_an_error_in_a_metric_is_the_callers_own():
    def broken(y, t):
        raise KeyError("mine")

    model, optimizer = plain()
    model.train()
    with pytest.raises(KeyError, match="mine"):
        train(model, optimizer, batches(), epochs=1, metrics={"broken": broken}, **SETTINGS)
    assert optimizer.param_groups[0]["lr"] == 0.1


def test_sums_do_not_depend_on_when_they_are_fetched():
    generator = torch.Generator().manual_seed(0)
    at_once, late = (Means({"accuracy": accuracy}, torch.device(kind)) for kind in ("cpu", "cuda"))
    for count in [32] * 70 + [5]:
        y, t = torch.randn(count, 3, generator=generator), torch.randint(0, 3, (count,), generator=generator)
        for means in (at_once, late):
            means.add(F.cross_entropy(y, t), y, t)
    assert late.sums != at_once.sums  # 25 batches still wait
    assert late.result(Team()) == at_once.result(Team())
    assert late.sums == at_once.sums
    assert at_once.sums[-1] == 70 * 32 + 5
    assert list(at_once.result(Team(), "train_")) == ["train_loss", "train_accuracy"]
