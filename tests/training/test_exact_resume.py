"""A run that broke off and goes on ends bit for bit as one that never did."""

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from course_utils.training import Checkpoint, EarlyStopping, Hardware, cosine, train
from tests.training.small import CPU, batches, examples, measured, network, same_weights

SETTINGS = {"schedule": cosine(4, warmup=0.5), "clip_norm": 1.0, "progress": False, "hardware": CPU}


class Killed(BaseException):
    """Stands in for a power cut."""


def break_off(optimizer, after):
    """Let an optimizer raise instead of taking the step after so many."""
    step, taken = optimizer.step, []

    def counted(*arguments, **options):
        if len(taken) == after:
            raise Killed
        taken.append(1)
        return step(*arguments, **options)

    optimizer.step = counted


def loader():
    """Make a loader that shuffles."""
    return DataLoader(TensorDataset(*examples()), batch_size=32, shuffle=True)


SOURCES = {"batches": batches, "arrays": examples, "loader": loader}


@pytest.mark.parametrize("source", SOURCES)
def test_four_epochs_are_two_and_two_more(tmp_path, source):
    model, optimizer = network()
    whole = train(model, optimizer, SOURCES[source](), examples(50), epochs=4, **SETTINGS)
    first, its = network()
    train(first, its, SOURCES[source](), examples(50), epochs=2, checkpoint=tmp_path / "run.pt", **SETTINGS)
    assert not same_weights(model, first)
    resumed, its = network(seed=5)
    history = train(
        resumed, its, SOURCES[source](), examples(50), epochs=4, checkpoint=tmp_path / "run.pt", **SETTINGS
    )
    assert same_weights(model, resumed)
    assert measured(history) == measured(whole)
    assert history.ending == whole.ending == "all 4 epochs were done"


@pytest.mark.parametrize("precision", ["float32", "bf16", "fp16"])
@pytest.mark.parametrize("source", ["batches", "loader"])
@pytest.mark.parametrize("after", [1, 6, 7, 8, 20])
def test_a_run_broken_in_an_epoch_goes_on_there(tmp_path, source, after, precision):
    settings = {**SETTINGS, "hardware": Hardware(device="cpu", precision=precision)}
    checkpoint = Checkpoint(tmp_path / "run.pt", every_steps=3)
    model, optimizer = network()
    whole = train(model, optimizer, SOURCES[source](), examples(50), epochs=4, **settings)
    broken, its = network()
    break_off(its, after)
    with pytest.raises(Killed):
        train(broken, its, SOURCES[source](), examples(50), epochs=4, checkpoint=checkpoint, **settings)
    assert checkpoint.path.exists() == (after >= 3)
    resumed, its = network(seed=5 if after >= 3 else 0)
    history = train(
        resumed, its, SOURCES[source](), examples(50), epochs=4, checkpoint=checkpoint, **settings
    )
    assert same_weights(model, resumed)
    assert measured(history) == measured(whole)


def test_a_run_broken_many_times_goes_on_each_time(tmp_path):
    model, optimizer = network()
    train(model, optimizer, batches(), epochs=4, **SETTINGS)
    tries = 0
    while True:
        again, its = network(seed=tries)
        break_off(its, 3)
        tries += 1
        try:
            train(
                again,
                its,
                batches(),
                epochs=4,
                checkpoint=Checkpoint(tmp_path / "run.pt", every_steps=1),
                **SETTINGS,
            )
            break
        except Killed:
            continue
    assert tries == 10  # 28 steps, three at a time
    assert same_weights(model, again)


def test_early_stopping_is_resumed_with_the_best_weights(tmp_path):
    noise = (torch.randn(60, 20), torch.randint(0, 4, (60,)))
    settings = {**SETTINGS, "schedule": None, "stopping": EarlyStopping(patience=3)}
    model, optimizer = network()
    whole = train(model, optimizer, batches(), noise, epochs=30, **settings)
    assert "stopped early" in whole.ending
    assert 3 < whole.epochs < 30
    for epochs in (1, whole.epochs - 1, 30):
        resumed, its = network()
        history = train(
            resumed, its, batches(), noise, epochs=epochs, checkpoint=tmp_path / "run.pt", **settings
        )
    assert same_weights(model, resumed)
    assert measured(history) == measured(whole)
    assert history.ending == whole.ending


def test_a_finished_run_is_not_trained_again(tmp_path):
    model, optimizer = network()
    train(model, optimizer, batches(), epochs=2, checkpoint=tmp_path / "run.pt", **SETTINGS)
    again, its = network(seed=3)
    break_off(its, 0)
    history = train(again, its, batches(), epochs=2, checkpoint=tmp_path / "run.pt", **SETTINGS)
    assert same_weights(model, again)
    assert history.epochs == 2


def test_never_begins_anew(tmp_path):
    path = tmp_path / "run.pt"
    model, optimizer = network()
    first = train(model, optimizer, batches(), epochs=1, checkpoint=path, **SETTINGS)
    again, its = network()
    history = train(again, its, batches(), epochs=1, checkpoint=Checkpoint(path, resume="never"), **SETTINGS)
    assert same_weights(model, again)
    assert measured(history) == measured(first)


def test_the_same_seed_gives_the_same_run_and_another_one_another():
    ends = []
    for seed in (0, 0, 1):
        model, optimizer = network()
        train(model, optimizer, batches(), epochs=2, seed=seed, **SETTINGS)
        ends.append(model)
    assert same_weights(ends[0], ends[1])
    assert not same_weights(ends[0], ends[2])


def test_the_callers_own_random_numbers_are_left_alone():
    torch.manual_seed(3)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    model = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.LazyLinear(4))
    model(torch.zeros(2, 20))
    torch.manual_seed(3)
    train(model, torch.optim.SGD(model.parameters(), lr=0.1), batches(), epochs=1, **SETTINGS)
    assert torch.equal(torch.rand(4), wanted)
