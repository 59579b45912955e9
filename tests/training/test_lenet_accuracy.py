"""LeNet by the very recipe of lecture 08: its accuracy on test images, over three seeds each."""

from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from course_utils import data, models, training

ROOT = Path(__file__).parents[2]
LECTURE = ROOT / "lectures" / "08_lenet.ipynb"
MNIST = ROOT.parent / "shared" / "data" / "mnist"
SEEDS = (0, 1, 2)

pytestmark = pytest.mark.slow


def recipe():
    """Return the lecture's function that trains LeNet, made from the lecture's own cells."""
    cells = {cell.id: cell.source for cell in nbformat.read(LECTURE, as_version=4).cells}
    names = {"torch": torch, "models": models, "training": training}
    for cell in ("recipe-fit", "recipe-lenet"):
        exec(cells[cell], names)
    return names["trained_lenet"]


def accuracy(train, test, seed):
    """Train on nine tenths of the images, as the lecture does, and measure on the test images."""
    learn, _ = data.split(train, test_fraction=0.1, rng=np.random.default_rng(0))
    model, history = recipe()(learn, seed=seed)
    assert "validation_accuracy" not in history  # nothing was chosen by looking at other images
    assert models.parameter_count(model) == models.parameter_count(models.lenet5())
    return training.evaluate(model, (test.images[:, None], test.labels))["accuracy"]


@pytest.mark.skipif(not MNIST.is_dir(), reason="the real MNIST files are not here")
@pytest.mark.parametrize("seed", SEEDS[1:])
def test_lenet_reaches_its_accuracy_of_1998_on_the_real_mnist(seed, monkeypatch):
    # Seed 0 is the lecture's own, asserted there: test_a_lecture_is_correct_with_mnist_too runs it.
    monkeypatch.setenv("COURSE_DATA", str(MNIST))
    train, test = data.mnist("train"), data.mnist("test")
    assert (len(train), len(test)) == (60_000, 10_000)
    assert accuracy(train, test, seed) >= 0.989


@pytest.mark.parametrize("seed", SEEDS)
def test_lenet_reads_the_bundled_digits(seed):
    train, test = data.split(data.digits(), rng=np.random.default_rng(0))
    train, test = (data.enlarge(part, (28, 28)) for part in (train, test))
    assert (len(train), len(test)) == (1347, 450)
    assert accuracy(train, test, seed) >= 0.985
