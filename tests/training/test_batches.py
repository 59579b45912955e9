"""Data of any kind become batches: each example once an epoch, in an order that the seed decides."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import Batches, random_shifts, train
from course_utils.training import batches as module
from course_utils.training.batches import label_limits
from course_utils.training.sources import Loaded, as_source
from tests.training.small import CPU, examples, plain

HERE = torch.device("cpu")


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 40), size=st.integers(1, 45), world=st.integers(1, 4), start=st.integers(0, 3),
    seed=st.integers(0, 2**40), epoch=st.integers(0, 9),
)  # fmt: skip
def test_each_example_comes_once_whoever_shares_it(count, size, world, start, seed, epoch):
    data = Batches(np.arange(count), batch_size=size)
    steps = [list(data.epoch(epoch, seed=seed, start=start, rank=rank, world=world)) for rank in range(world)]
    left = max(0, len(data) - start)
    assert {len(each) for each in steps} == {left}
    seen = []
    for step in zip(*steps, strict=True):
        assert sum(share for _, _, share in step) == pytest.approx(1)
        assert all(len(x) for x, _, _ in step)
        seen += [value for x, _, share in step if share > 0 for value in x.tolist()]
    order = data.order(epoch, seed=seed)
    assert sorted(seen) == sorted(order[start * size :].tolist())
    assert sorted(order.tolist()) == list(range(count))
    assert len(data) == -(-count // size)
    assert data.smallest() == min(len(rows) for rows in order.split(size))
    held_out = [data.in_order(batch_size=size, rank=rank, world=world) for rank in range(world)]
    values = [value for each in held_out for x, _, share in each if share == 1 for value in x.tolist()]
    assert sorted(values) == list(range(count))


def test_order_depends_on_seed_and_epoch_alone():
    data = Batches(*examples(100))
    assert torch.equal(data.order(3, seed=1), data.order(3, seed=1))
    assert not torch.equal(data.order(3, seed=1), data.order(4, seed=1))
    for chosen, (x, t, _) in zip(data.order(3, seed=0).split(128), data.epoch(3), strict=True):
        assert torch.equal(x, data.x[chosen])
        assert torch.equal(t, data.t[chosen])
    assert not torch.equal(data.order(3, seed=1), data.order(3, seed=2))
    assert torch.equal(Batches(*examples(5), shuffle=False).order(1), torch.arange(5))


def test_validation_takes_a_thousand_at_a_time_in_order():
    data = Batches(np.arange(2500, dtype=np.float32), batch_size=7, augment=lambda x, t, _: (x + 1, t))
    sizes = [len(x) for x, _, _ in data.in_order()]
    assert sizes == [1000, 1000, 500]
    assert torch.equal(torch.cat([x for x, _, _ in data.in_order()]), torch.arange(2500.0))


INPUTS = {
    "float64": (np.linspace(0, 1, 8).reshape(4, 2), torch.float32),
    "float16": (np.linspace(0, 1, 8).reshape(4, 2).astype(np.float16), torch.float32),
    "big-endian": (np.arange(8).reshape(4, 2).astype(">f4"), torch.float32),
    "transposed": (np.arange(8, dtype=np.float32).reshape(2, 4).T, torch.float32),
    "backwards": (np.arange(8, dtype=np.float32).reshape(4, 2)[::-1], torch.float32),
    "list": ([[0.5, 1], [2, 3], [4, 5], [6, 7]], torch.float32),
    "tuple of arrays": (tuple(np.ones(2) for _ in range(4)), torch.float32),
    "truth values": (np.array([[True, False]] * 4), torch.float32),
    "whole numbers": (np.arange(8).reshape(4, 2), torch.int64),
    "a tensor with a gradient": (torch.ones(4, 2, requires_grad=True), torch.float32),
    "a part of a tensor": (torch.arange(16.0).reshape(4, 4)[:, ::2], torch.float32),
    "bfloat16": (torch.ones(4, 2, dtype=torch.bfloat16), torch.bfloat16),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_inputs_of_any_kind(kind):
    values, dtype = INPUTS[kind]
    ((x, t, _),) = Batches(values, [0, 1, 2, 3], shuffle=False).epoch(0)
    assert x.dtype == dtype
    assert not x.requires_grad
    wanted = values.detach().float().numpy() if isinstance(values, torch.Tensor) else np.array(values, float)
    np.testing.assert_allclose(x.float().numpy(), wanted, rtol=1e-3)
    assert t.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.int16, np.int32, np.uint16, np.int64, ">i4"])
def test_labels_of_any_whole_type_become_int64(dtype):
    labels = np.array([0, 1, 1, 0]).astype(dtype)
    for given_labels in (labels, labels[::-1], labels.tolist()):
        data = Batches(np.zeros((4, 2)), given_labels)
        assert data.t.dtype == torch.int64
        assert data.t.tolist() == np.asarray(given_labels).astype(int).tolist()
        assert data.labels() == (0, 1)


def test_targets_that_are_measures_become_float32():
    data = Batches(np.zeros((4, 2)), np.linspace(0, 1, 4))
    assert data.t.dtype == torch.float32
    assert data.labels() is None
    assert Batches(np.zeros((4, 2))).labels() is None


def test_labels_left_out_do_not_count():
    assert label_limits(torch.tensor([[3, -100], [-100, 1]])) == (1, 3)
    assert label_limits(torch.tensor([-100, -100])) is None
    assert label_limits(torch.tensor([1.0])) is None


def test_images_of_bytes_are_scaled_batch_by_batch():
    images = np.array([[[[0, 51], [102, 255]]]] * 3, np.uint8)
    data = Batches(images, batch_size=2)
    assert data.x.dtype == torch.uint8  # a quarter of the memory
    for x, t, _ in data.epoch(0):
        np.testing.assert_allclose(x[0, 0].numpy(), [[0, 0.2], [0.4, 1]], atol=1e-7)
        assert torch.equal(x, t)
    assert images.max() == 255


def test_a_read_only_array_is_no_reason_for_a_warning():
    images = np.zeros((4, 2, 2), np.uint8)
    images.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = Batches(images, np.arange(4))
    assert data.x.data_ptr() == images.ctypes.data  # and no copy either


@pytest.mark.parametrize(
    ("x", "t", "error", "match"),
    [
        (
            np.float64(3),
            0,
            ValueError,
            r"x is a single number, but expected is shape \(examples, ...\); write",
        ),
        (torch.tensor(3.0), 0, ValueError, "x is a single number"),
        (np.zeros((3, 2)), 1, ValueError, "t is a single number"),
        (
            [[1, 2], [3]],
            [0, 1],
            ValueError,
            "x is a list that makes no array, but expected is one row of the",
        ),
        (
            np.zeros((2, 2)),
            ["cat", "dog"],
            TypeError,
            "t holds entries of type <U3, but expected are numbers",
        ),
        (np.array([None, 1]), [0, 1], TypeError, "x holds entries of type object, but expected are numbers"),
        ([], [], ValueError, "the data are empty"),
        (np.zeros((3, 2)), [0, 1], ValueError, "x has 3 examples but t has 2 targets; give each example one"),
    ],
)
def test_data_that_make_no_batches(x, t, error, match):
    with pytest.raises(error, match=match):
        Batches(x, t)


@pytest.mark.parametrize(
    ("size", "error", "match"),
    [
        (0, ValueError, "batch_size=0 must be at least 1; 32 to 256 is usual"),
        (
            2.5,
            TypeError,
            "batch_size=2.5 is of type float, but expected is a whole number from 1 on; give an int",
        ),
        ("32", TypeError, "batch_size='32' is of type str"),
    ],
)
def test_batch_sizes_that_are_none(size, error, match):
    with pytest.raises(error, match=match):
        Batches(*examples(), batch_size=size)


def test_data_that_do_not_fit_are_moved_batch_by_batch(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "_fits", lambda size, device: asked.append((size, device)))
    there = torch.device("meta")
    data = Batches(np.zeros((6, 5), np.float32), np.arange(6), batch_size=4, shuffle=False)
    moved = data.to(there)
    assert asked == [(6 * 5 * 4 + 6 * 8, there)]
    assert (moved.x.device, moved.t.device, moved.device) == (HERE, HERE, there)
    assert [x.device for x, _, _ in moved.epoch(0)] == [there] * 2
    monkeypatch.undo()
    assert data.to(there).x.device == data.to(there).t.device == there
    assert (moved.batch_size, moved.shuffle, moved.augment) == (4, False, None)


def test_what_fits_is_judged_by_the_free_memory(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (1000, 2000))
    cuda = torch.device("cuda", 0)
    assert module._fits(499, cuda)
    assert not module._fits(500, cuda)
    assert module._fits(10**12, HERE)


def test_augmentation_draws_anew_each_step_and_the_same_again():
    def noted(x, t, generator):
        return x, torch.full_like(t, generator.initial_seed())

    data = Batches(*examples(12), batch_size=4, augment=noted)
    draws = {
        (number, seed, rank): [t[0].item() for _, t, _ in data.epoch(number, seed=seed, rank=rank, world=2)]
        for number in (0, 1) for seed in (0, 1) for rank in (0, 1)
    }  # fmt: skip
    assert len({each for draw in draws.values() for each in draw}) == 8 * 3
    assert draws[1, 1, 1] == [t[0].item() for _, t, _ in data.epoch(1, seed=1, rank=1, world=2)]
    assert draws[1, 1, 1][1:] == [t[0].item() for _, t, _ in data.epoch(1, seed=1, start=1, rank=1, world=2)]


def test_each_image_moves_as_one_and_black_comes_in():
    images = torch.rand(400, 2, 5, 4, generator=torch.Generator().manual_seed(0)) + 0.1
    labels = torch.arange(400)
    moved, its = random_shifts(2)(images, labels, torch.Generator().manual_seed(1))
    assert torch.equal(its, labels)
    assert moved.is_contiguous()
    padded = np.pad(images.numpy(), ((0, 0), (0, 0), (2, 2), (2, 2)))
    seen = set()
    for image, result in zip(padded, moved.numpy(), strict=True):
        fits = [
            (down, right) for down in range(-2, 3) for right in range(-2, 3)
            if np.array_equal(np.roll(image, (down, right), axis=(1, 2))[:, 2:-2, 2:-2], result)
        ]  # fmt: skip
        assert len(fits) == 1
        seen.add(fits[0])
    assert len(seen) == 25


def test_a_shift_by_one_pixel_is_one_of_nine():
    image = torch.zeros(300, 1, 3, 3)
    image[:, :, 1, 1] = 1.0
    moved, _ = random_shifts(1)(image, None, torch.Generator().manual_seed(0))
    assert len({int(each.argmax()) for each in moved}) == 9


@pytest.mark.parametrize(("pixels", "error"), [(0, ValueError), (1.5, TypeError)])
def test_a_shift_is_of_whole_pixels(pixels, error):
    with pytest.raises(error, match=f"pixels={pixels} "):
        random_shifts(pixels)


def test_a_loader_gives_what_batches_would():
    images = np.random.default_rng(0).integers(0, 256, (20, 1, 3, 3)).astype(np.uint8)
    labels = np.arange(20, dtype=np.int32)
    source = as_source(DataLoader(list(zip(images, labels, strict=True)), batch_size=8)).to(HERE)
    ours = Batches(images, labels, batch_size=8, shuffle=False)
    for (x, t, share), (its_x, its_t, _) in zip(source.epoch(0), ours.epoch(0), strict=True):
        assert torch.equal(x, its_x)
        assert torch.equal(t, its_t)
        assert t.dtype == torch.int64
        assert share == 1.0
        assert source.labels() == (int(t.min()), int(t.max()))
    assert (len(source), source.examples, source.batch_size) == (3, 20, 8)
    assert [len(x) for x, _, _ in source.in_order(batch_size=2)] == [8, 8, 4]
    assert [t[0].item() for _, t, _ in source.epoch(0, start=2)] == [16]


@pytest.mark.parametrize(
    ("options", "size", "smallest"),
    [
        ({"batch_size": 8}, 8, 4),
        ({"batch_size": 5}, 5, 5),
        ({"batch_size": 8, "drop_last": True}, 8, 8),
        ({"batch_sampler": [[0, 1], [2]]}, 0, 20),
    ],
)
def test_a_loader_tells_its_sizes(options, size, smallest):
    source = Loaded(DataLoader(TensorDataset(*examples(20)), **options))
    assert (source.batch_size, source.smallest()) == (size, smallest)


@pytest.mark.parametrize(
    ("dataset", "match"),
    [
        (
            [(torch.zeros(2), 0, 1)] * 4,
            r"the DataLoader gives 3 things a batch, but expected is a pair \(x, t\)",
        ),
        ([torch.zeros(2)] * 4, "the DataLoader gives Tensor a batch"),
        ([{"x": torch.zeros(2)}] * 4, "the DataLoader gives dict a batch"),
    ],
)
def test_a_loader_that_gives_no_pairs_is_refused(dataset, match):
    model, optimizer = plain()
    with pytest.raises(TypeError, match=match):
        train(model, optimizer, DataLoader(dataset, batch_size=2), epochs=1, hardware=CPU, progress=False)


@pytest.mark.parametrize("data", [[1, 2], None, np.zeros(3), (1, 2, 3)])
def test_data_of_another_kind_are_refused(data):
    with pytest.raises(TypeError, match=r"expected is a pair \(x, t\) of arrays, Batches, or a DataLoader"):
        as_source(data)


def test_a_pair_is_shuffled_for_training_only():
    assert as_source(examples(), shuffle=True).shuffle
    assert not as_source(examples()).shuffle
    ready = Batches(*examples())
    assert as_source(ready) is ready
