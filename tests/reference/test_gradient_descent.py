import numpy as np
import pytest
import torch

from course_utils.reference import (
    LOSSES,
    Layer,
    gradient_step,
    initialise_layers,
    logistic,
    mlp,
    softmax_cross_entropy,
    train_mlp,
)

XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
OPTIONS = {"loss": "squared_error", "learning_rate": 0.1, "epochs": 3}
LINE = (Layer([[0.5]], [0.0], "identity"),)


def small_network(seed=0):
    return initialise_layers((2, 4, 1), ("tanh", "identity"), rng=np.random.default_rng(seed))


def test_a_step_worked_by_hand():
    # y = 0.5 * 2 = 1, t = 3: y_bar = -2, W_bar = -4, b_bar = -2
    run = train_mlp([[2.0]], [[3.0]], LINE, loss="squared_error", learning_rate=0.1, epochs=1)
    np.testing.assert_allclose(run.layers[0].W, [[0.9]])
    np.testing.assert_allclose(run.layers[0].b, [0.2])
    np.testing.assert_allclose(run.losses, [2.0])


def test_ten_steps_are_those_of_torchs_sgd():
    rng = np.random.default_rng(1)
    x, t = rng.standard_normal((6, 2)), rng.integers(0, 3, 6)
    layers = initialise_layers((2, 5, 3), ("logistic", "identity"), rng=rng)
    weights = [torch.tensor(a, requires_grad=True) for layer in layers for a in (layer.W, layer.b)]
    descent = torch.optim.SGD(weights, lr=0.3)
    losses = []
    for _ in range(10):
        descent.zero_grad()
        h = torch.sigmoid(torch.nn.functional.linear(torch.tensor(x), *weights[:2]))
        loss = torch.nn.functional.cross_entropy(torch.nn.functional.linear(h, *weights[2:]), torch.tensor(t))
        loss.backward()
        descent.step()
        losses.append(loss.item())
    run = train_mlp(x, t, layers, loss="softmax_cross_entropy", learning_rate=0.3, epochs=10)
    np.testing.assert_allclose(run.losses, losses, atol=1e-10)
    for ours, theirs in zip([a for layer in run.layers for a in (layer.W, layer.b)], weights, strict=True):
        np.testing.assert_allclose(ours, theirs.detach(), atol=1e-10)


def test_it_learns_xor():
    run = train_mlp(*XOR, small_network(), loss="logistic_cross_entropy", learning_rate=1.0, epochs=1000)
    assert run.losses.shape == (1000,)
    assert run.losses[-1] < 0.02 < run.losses[0]
    np.testing.assert_array_equal(logistic(mlp(XOR[0], run.layers)).ravel() > 0.5, XOR[1])


def test_labels_of_one_axis_are_those_of_one_column():
    row = train_mlp(*XOR, small_network(), **OPTIONS)
    column = train_mlp(XOR[0], XOR[1][:, None], small_network(), **OPTIONS)
    np.testing.assert_array_equal(row.losses, column.losses)


def test_the_layers_given_are_not_changed():
    layers = small_network()
    before = layers[0].W.copy()
    run = train_mlp(*XOR, layers, **OPTIONS)
    np.testing.assert_array_equal(layers[0].W, before)
    assert not np.array_equal(run.layers[0].W, before)


def test_a_generator_fixes_the_batches():
    def losses(seed):
        return train_mlp(*XOR, small_network(), **OPTIONS, batch=3, rng=np.random.default_rng(seed)).losses

    np.testing.assert_array_equal(losses(5), losses(5))
    assert not np.array_equal(losses(5), losses(6))


def test_a_batch_of_all_is_full_batch_descent():
    full = train_mlp(*XOR, small_network(), **OPTIONS)
    one_batch = train_mlp(*XOR, small_network(), **OPTIONS, batch=4, rng=np.random.default_rng(0))
    np.testing.assert_allclose(one_batch.losses, full.losses, rtol=1e-12)


def test_every_example_is_used_once_in_an_epoch():
    # a step so small that the network stays: the epoch's loss is the mean of all examples' losses
    x, t = np.arange(5.0)[:, None], np.arange(5.0)[:, None] ** 2
    expected = np.mean((0.5 * x - t) ** 2) / 2
    options = {"loss": "squared_error", "learning_rate": 1e-300, "epochs": 2}
    run = train_mlp(x, t, LINE, **options, batch=2, rng=np.random.default_rng(0))
    np.testing.assert_allclose(run.losses, [expected, expected])


def test_a_small_batch_takes_more_steps():
    options = {"loss": "squared_error", "learning_rate": 0.1, "epochs": 1}
    x, t = np.full((4, 1), 2.0), np.full((4, 1), 3.0)
    full = train_mlp(x, t, LINE, **options)
    single = train_mlp(x, t, LINE, **options, batch=1, rng=np.random.default_rng(0))
    W, b = 0.5, 0.0
    for _ in range(4):
        W, b = W - 0.1 * (2 * W + b - 3) * 2, b - 0.1 * (2 * W + b - 3)
    np.testing.assert_allclose(full.layers[0].W, [[0.9]])
    np.testing.assert_allclose(single.layers[0].W, [[W]])


def test_a_step_returns_the_loss_before_it():
    x, t = np.ones((2, 3)), np.array([0, 1])
    layers = initialise_layers((3, 2), ("identity",), rng=np.random.default_rng(0))
    moved, L = gradient_step(x, t, layers, loss="softmax_cross_entropy", learning_rate=0.1)
    assert softmax_cross_entropy(mlp(x, layers), t) == L
    assert softmax_cross_entropy(mlp(x, moved), t) < L


@pytest.mark.parametrize("learning_rate", [10.0, 1e200, 1e308])
def test_training_that_diverges_says_what_to_try(learning_rate):
    x, t = np.array([[1.0], [10.0]]), np.array([[1.0], [2.0]])
    sentence = r"training diverged: the loss of epoch \d+ is inf with learning_rate=.*; try a tenth"
    with pytest.raises(ValueError, match=sentence):
        train_mlp(x, t, LINE, loss="squared_error", learning_rate=learning_rate, epochs=500)


def test_an_unknown_loss_lists_the_known_ones():
    with pytest.raises(ValueError, match=f"unknown loss 'mse'; the known ones are {', '.join(LOSSES)}"):
        train_mlp(*XOR, small_network(), loss="mse", learning_rate=0.1, epochs=1)


@pytest.mark.parametrize("loss", ["logistic_cross_entropy", "softmax_cross_entropy"])
def test_a_cross_entropy_refuses_an_output_that_is_squashed_already(loss):
    layers = initialise_layers((2, 1), ("logistic",), rng=np.random.default_rng(0))
    with pytest.raises(
        ValueError, match=f"{loss} takes logits but the last layer's activation is 'logistic'"
    ):
        train_mlp(*XOR, layers, loss=loss, learning_rate=0.1, epochs=1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"learning_rate": 0.0}, "learning_rate=0.0 but a step needs a positive finite number"),
        ({"learning_rate": np.nan}, "learning_rate=nan but a step needs"),
        ({"learning_rate": np.inf}, "learning_rate=inf but a step needs"),
        ({"epochs": 0}, "epochs=0 but training needs at least one pass"),
        ({"batch": 0}, "batch=0 but a step needs at least one example"),
        ({"batch": 2}, "batch=2 needs a generator to draw the order"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        train_mlp(*XOR, small_network(), **OPTIONS | change)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"epochs": 1.5}, r"epochs must be an integer, but epochs=1\.5; give a whole number"),
        ({"epochs": True}, "epochs must be an integer, but epochs=True"),
        ({"batch": 2.0, "rng": np.random.default_rng(0)}, r"batch must be an integer, but batch=2\.0"),
        ({"batch": 2, "rng": 0}, r"rng must be a generator, but rng=0; pass np\.random\.default_rng\(0\)"),
    ],
)
def test_an_option_of_the_wrong_type_is_refused(change, sentence):
    with pytest.raises(TypeError, match=sentence):
        train_mlp(*XOR, small_network(), **OPTIONS | change)


@pytest.mark.parametrize(
    ("x", "t", "error", "sentence"),
    [
        (
            XOR[0],
            [0, 1, 1],
            ValueError,
            r"x has 4 examples but t does not \(x\.shape=\(4, 2\), t\.shape=\(3,\)\)",
        ),
        (XOR[0], 1.0, ValueError, r"x has 4 examples but t does not"),
        (XOR[0], np.ones((4, 2)), ValueError, r"y\.shape=\(4, 1\) and t\.shape=\(4, 2\)"),
        (XOR[0][0], [1], ValueError, r"x must have 2 axes \(batch, inputs\)"),
        (XOR[0] * np.nan, XOR[1], ValueError, "x holds 8 NaN among its 8 entries"),
        (XOR[0], XOR[1] * np.nan, ValueError, "t holds 4 NaN among its 4 entries"),
        (XOR[0].astype(str), XOR[1], TypeError, "x must hold real numbers"),
        (XOR[0], XOR[1].astype(bool), TypeError, "t must hold real numbers"),
    ],
)
def test_a_training_set_that_makes_no_sense_is_refused(x, t, error, sentence):
    with pytest.raises(error, match=sentence):
        train_mlp(x, t, small_network(), **OPTIONS)
