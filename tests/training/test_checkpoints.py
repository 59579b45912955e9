"""Checkpoints are whole, open without running code, and are refused in one sentence."""

import os
import re
import zipfile

import pytest
import torch
from torch import nn

from course_utils.training import Checkpoint, CheckpointError, EarlyStopping, train
from course_utils.training.checkpoints import load, save
from tests.training.small import CPU, batches, examples, network, plain

SETTINGS = {"progress": False, "hardware": CPU}


@pytest.fixture
def written(tmp_path):
    model, optimizer = network()
    train(model, optimizer, batches(), epochs=1, checkpoint=tmp_path / "run.pt", **SETTINGS)
    return tmp_path / "run.pt"


def refused(path, match, *, model_and_optimizer=None, data=None, **options):
    """Go on from a file with the same run but for the options, and compare what is said."""
    model, optimizer = model_and_optimizer or network()
    before = path.read_bytes()
    with pytest.raises(CheckpointError, match=match) as caught:
        train(model, optimizer, data or batches(), epochs=2, checkpoint=path, **{**SETTINGS, **options})
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_a_file_cut_short_anywhere_is_refused(written):
    whole = written.read_bytes()
    for share in (0, 0.001, 0.1, 0.5, 0.9, 0.999):
        written.write_bytes(whole[: int(share * len(whole))])
        refused(written, r"run.pt is damaged or no checkpoint at all \(.*\); delete it to begin anew")


def test_a_changed_byte_in_any_tensor_is_noticed(written):
    whole = written.read_bytes()
    with zipfile.ZipFile(written) as archive:
        tensors = [each for each in archive.infolist() if "/data/" in each.filename]
        places = [
            each.header_offset + 30 + int.from_bytes(whole[each.header_offset + 26 :][:2], "little")
            + int.from_bytes(whole[each.header_offset + 28 :][:2], "little")
            for each in tensors
        ]  # fmt: skip
    assert len(places) > 10
    for place in places:
        written.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(CheckpointError, match="is damaged"):
            load(written)


def test_no_changed_byte_leads_to_another_error(written):
    whole = written.read_bytes()
    torch.set_printoptions(threshold=10**6)
    wanted = repr(torch.load(written, weights_only=True))
    noticed = 0
    for place in range(0, len(whole), 509):
        written.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            assert repr(load(written)) == wanted  # between the parts of a file a byte may mean nothing
        except CheckpointError:
            noticed += 1
    torch.set_printoptions(profile="default")
    assert noticed > 20


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", b"\x80\x04K\x01."])
def test_a_file_of_another_kind_is_refused(written, content):
    written.write_bytes(content)
    refused(written, "run.pt is damaged or no checkpoint at all")


def test_somebody_elses_file_is_refused(written):
    torch.save({"model": {"weight": torch.zeros(3)}}, written)
    refused(written, "run.pt is a PyTorch file but no checkpoint of this course; give another path")


class Trap:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch trapped",)


def test_opening_a_file_runs_no_code(written, monkeypatch):
    monkeypatch.chdir(written.parent)
    torch.save({"format": "course_utils.training checkpoint", "version": 1, "model": Trap()}, written)
    refused(written, "run.pt holds more than tensors and plain values, so it was not opened")
    assert not (written.parent / "trapped").exists()
    torch.load(written, weights_only=False)  # the trap works
    assert (written.parent / "trapped").exists()


@pytest.mark.parametrize("part", ["settings", "model", "random", "ending"])
def test_a_file_without_one_of_its_parts_is_refused(written, part):
    state = torch.load(written, weights_only=True)
    del state[part]
    torch.save(state, written)
    refused(written, f"run.pt is not complete: its {part} is missing; delete it to begin anew")


@pytest.mark.parametrize(("version", "word"), [(0, "an older"), (2, "a newer")])
def test_another_version_is_refused(written, version, word):
    state = torch.load(written, weights_only=True)
    torch.save({**state, "version": version}, written)
    refused(
        written, rf"run.pt was written by {word} version of this course \(format {version}, here 1\); finish"
    )


def other_network():
    model = nn.Sequential(nn.Linear(20, 31), nn.BatchNorm1d(31), nn.ReLU(), nn.Linear(31, 4))
    return model, torch.optim.AdamW(model.parameters(), lr=0.01)


def other_optimizer():
    model, _ = network()
    return model, torch.optim.SGD(model.parameters(), lr=0.01)


def grouped():
    model, _ = network()
    return model, torch.optim.AdamW([{"params": model[0].parameters()}, {"params": model[4].parameters()}])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"seed": 3}, "its seed is 0, here it is 3"),
        ({"data": batches(batch_size=16)}, "its batch size is 32, here it is 16"),
        ({"data": batches(100)}, "its number of training examples is 203, here it is 100"),
        ({"accumulate": 2}, "its accumulate is 1, here it is 2"),
        ({"model_and_optimizer": other_optimizer()}, "its optimizer is AdamW, here it is SGD"),
        ({"model_and_optimizer": grouped()}, "its number of parameter groups is 1, here it is 2"),
        ({"metrics": {}}, r"its list of measures is \['accuracy', 'training only'\], here it is"),
        ({"validation": examples(20)}, "its list of measures is"),
        ({"stopping": EarlyStopping(2, metric="train_loss")}, "its early stopping is off, here it is on"),
    ],
)
def test_another_run_is_refused(written, options, sentence):
    refused(
        written, f"run.pt belongs to another run: .*{sentence}.*; give another path, or resume=", **options
    )


def test_another_network_is_refused(written):
    sentence = r"holds another network: 0.bias has shape \(30,\) in the file and \(31,\) in the model; build"
    refused(written, sentence, model_and_optimizer=other_network())
    shallow, optimizer = plain()
    torch.optim.AdamW(shallow.parameters())
    optimizer = torch.optim.AdamW(shallow.parameters())
    refused(
        written, r"1.bias has shape \(30,\) in the file and none in", model_and_optimizer=(shallow, optimizer)
    )


def test_a_demanded_file_must_be_there(tmp_path):
    model, optimizer = network()
    checkpoint = Checkpoint(tmp_path / "none.pt", resume="must")
    with pytest.raises(CheckpointError, match=r"there is no checkpoint .*none.pt; give resume=\"auto\""):
        train(model, optimizer, batches(), epochs=1, checkpoint=checkpoint, **SETTINGS)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"every_steps": 0}, "every_steps=0 must be at least 1"),
        ({"resume": "yes"}, "resume='yes' is unknown"),
    ],
)
def test_settings_out_of_range(options, match):
    with pytest.raises(ValueError, match=match):
        Checkpoint("run.pt", **options)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(written, monkeypatch):
    before = written.read_bytes()

    def full(state, file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match="No space left"):
        save({"model": {}}, written)
    assert written.read_bytes() == before
    assert [each.name for each in written.parent.iterdir()] == ["run.pt"]


def test_what_killed_processes_left_is_cleared_away(written):
    (written.parent / ".run.pt.123.unfinished").write_bytes(b"half")
    (written.parent / "other.unfinished").write_bytes(b"mine")
    model, optimizer = network()
    train(model, optimizer, batches(), epochs=2, checkpoint=written, **SETTINGS)
    assert sorted(each.name for each in written.parent.iterdir()) == ["other.unfinished", "run.pt"]


def test_a_new_folder_is_made(tmp_path):
    model, optimizer = network()
    train(model, optimizer, batches(), epochs=1, checkpoint=str(tmp_path / "a" / "b" / "run.pt"), **SETTINGS)
    assert re.search("checkpoint", load(tmp_path / "a" / "b" / "run.pt")["format"])
