"""What a student of lab 06 reads: the cause of the mistake that was made, whatever the inputs."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from curated import ANSWERS, load_answers

from course_utils.grading.failures import CheckFailed
from course_utils.grading.properties.alexnet import ALEXNET
from course_utils.grading.properties.network_tables import LENET, LENET_TABLE
from course_utils.grading.properties.table_rows import conv_row, dense_row, expect_row, pool_row, table_of
from course_utils.grading.properties.whole_numbers import expect_whole, expect_wholes
from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
LAB = load_lab("06_cnn_layers")
REFUSED = "ValueError was expected, but "
CAUSES = {
    ("output_size", "the 1 is forgotten"): "one place is missing: a kernel that just fits has one, ",
    ("output_size", "the dilation is added to the kernel"): "one place is missing: a kernel that just fits ",
    ("output_size", "an error where the kernel just fits"): "it covers 5 entries, and with the zeros of ",
    (
        "output_size",
        "the kernel is compared with the image without its zeros",
    ): "this kernel fits: it covers 6 entries, and with the zeros of both sides there are 6\n",
    ("output_size", "padding of one side only"): "the padding comes on both sides: it counts twice\n",
    ("output_size", "rounded up"): "the last step does not fit: round down, not up\n",
    ("output_size", "a float"): "the output size is a float, 5: a size or a count is an int; ",
    ("output_size", "the dilation is ignored"): "the dilation was left out\n",
    ("output_size", "dilation times kernel"): "entries, not dilation * kernel\n",
    ("output_size", "the stride is ignored"): "the stride was left out\n",
    ("output_size", "the 1 is added before the division"): "add it after the division\n",
    ("output_size", "a kernel that is too large gives 0 or less"): REFUSED + "0 came\n",
    ("output_size", "int() rounds a negative room towards zero"): REFUSED + "1 came\n",
    ("output_size", "an assertion in place of ValueError"): REFUSED + "output_size raised AssertionError",
    ("output_size", "a stride below 1 is not refused"): "there is no stride of 0: ValueError was expected",
    ("output_size", "a stride of 2 by default"): "the stride is 2 where it is left out; it should be 1\n",
    ("same_padding", "the extra zero at the start"): "the extra zero belongs at the end\n",
    ("same_padding", "kernel // 2 on both sides"): "one zero too many for an even kernel\n",
    (
        "same_padding",
        "(kernel - 1) // 2 on both sides: one zero is missing",
    ): "one zero is missing: an odd total has one more at the end\n",
    ("same_padding", "padding of one side only"): "all zeros are on one side\n",
    ("same_padding", "the total on each side"): "cause     this is the total for each side: split it",
    ("same_padding", "the dilation is ignored"): "cause     the dilation was left out\n",
    (
        "same_padding",
        "the dilation multiplies the split, not the total",
    ): "multiply by the dilation first, then split the total\n",
    (
        "same_padding",
        "a spread kernel is taken to cover dilation times kernel entries",
    ): "(kernel - 1) + 1 entries, not dilation * kernel\n",
    (
        "receptive_field",
        "each kernel adds all its entries",
    ): "a kernel adds its entries less one, kernel - 1\n",
    (
        "receptive_field",
        "dilations move neighbours apart, as strides do",
    ): "only strides move neighbours apart; the dilations do not\n",
    (
        "receptive_field",
        "the entries that are read are counted, without those between them",
    ): "entries between them count, too\n",
    ("receptive_field", "step and size"): "size and step are exchanged\n",
    ("receptive_field", "the kernels are added up"): "the kernels were added up; ",
    (
        "receptive_field",
        "the step is multiplied before the kernel is added",
    ): "a layer's own stride spreads the layers after it, not itself\n",
    ("receptive_field", "strides are ignored"): "the strides were left out\n",
    ("receptive_field", "only the layer's own stride"): "only the stride of the layer just before counts; ",
    ("receptive_field", "strides are added"): "the strides before a layer multiply; theirs were added\n",
    ("receptive_field", "the dilation is ignored"): "the dilations were left out\n",
    ("receptive_field", "dilation times kernel"): "entries, not dilation * kernel\n",
    ("receptive_field", "the layers from the wrong end"): "taken from the output to the input\n",
    ("receptive_field", "without its own entry: begins with 0"): "the first entry is missing: begin with 1\n",
    ("adaptive_windows", "equal windows that leave the rest out"): "all windows are size // outputs long, ",
    ("adaptive_windows", "the last window takes the rest"): "the last window takes what is left over\n",
    ("adaptive_windows", "ends rounded down: no overlap"): "the ends are rounded down; they are rounded up, ",
    ("adaptive_windows", "starts rounded up"): "the starts are rounded up; they are rounded down\n",
    ("adaptive_windows", "rounded to the nearest"): "starts and ends are rounded to the nearest\n",
    ("adaptive_windows", "ends that belong to the window"): "an end is one entry too far in front: ",
    ("adaptive_windows", "the quotient is rounded first"): "multiply first, then divide\n",
    ("adaptive_windows", "start and length"): "(start, length) came; (start, end) is wanted\n",
    (
        "adaptive_windows",
        "counted from 1: the first window is missing, one more is there",
    ): "outputs are counted from 0: the first window is missing\n",
    (
        "adaptive_windows",
        "ends rounded down, and 1 added to each",
    ): "an end that is a whole number already; math.ceil leaves it as it is\n",
    ("count_weights", "the units divided by the places of a tile"): "the units were divided by those of a ",
    ("count_weights", "the biases are among the weights"): "the biases are among the weights; ",
    ("count_weights", "the channels of the input are forgotten"): "reads every channel of the input",
    ("count_weights", "the tiles are counted, not the filters in one"): "tiles were counted; ",
    (
        "count_weights",
        "one bias a channel for every kind",
    ): "one bias for each channel; a filter that is ",
    ("count_weights", "one bias a unit for every kind"): "one bias for each unit; a filter that is shared ",
    ("count_weights", "square kernels only"): "the kernel's height was used for its width too\n",
    (
        "count_weights",
        "dense reads the window only",
    ): "of the kind 'local', 'dense' was asked for\n",
    ("count_weights", "local and conv exchanged"): "the count of the kind 'conv', 'local' was asked for\n",
    ("count_weights", "one map only"): "the channels of the output were left out\n",
    ("count_weights", "a tile of 2 by 2 by default"): "the tile is 2 by 2 where it is left out; ",
    ("count_conv", "the groups are ignored"): "the groups were left out: ",
    (
        "count_conv",
        "filters and channels are divided by the groups",
    ): "the channels of the output were divided by the groups too\n",
    (
        "count_conv",
        "channels that do not divide are rounded down",
    ): "3 channels and 4 filters cannot both be put into 2 equal groups: " + REFUSED,
    ("count_conv", "height and width of the kernel are swapped"): "height and width of the kernel are exch",
    ("count_conv", "height and width of the stride are swapped"): "height and width of the stride are exch",
    ("count_conv", "height and width of the padding are swapped"): "height and width of the padding are exch",
    (
        "count_conv",
        "height and width of the maps are swapped",
    ): "height and width of the maps are exch",
    (
        "count_conv",
        "square only: the height's numbers for both",
    ): "the height's numbers were used for the ",
    ("count_conv", "padding of one side only"): "the padding comes on both sides: it counts twice\n",
    ("count_conv", "the stride is ignored"): "the stride was left out\n",
    ("count_conv", "one kernel for all channels of the input"): "reads every channel of its group: multiply",
    ("count_conv", "the biases are among the weights"): "the biases are among the weights; ",
    ("count_conv", "the biases are among the connections"): "the biases are among the connections; ",
    ("count_conv", "one bias a unit"): "one bias for each unit; here a whole map shares one\n",
    ("count_conv", "weights times units"): "weights times units; the weights of one filter are wanted\n",
    ("count_conv", "connections at the places of the input"): "take those of the output\n",
    ("count_conv", "the units of one map"): "one map was counted; ",
    ("count_conv", "channels last"): "the shape must have the channels first\n",
    ("count_conv", "as many maps as one group has filters"): "were divided by the groups too\n",
    (
        "count_conv",
        "only the input's channels are tested",
    ): "} came\ngiven     in_shape = (4, 6, 7)",
    ("count_conv", "without biases"): "each filter has a bias, and it is shared by its whole map\n",
    (
        "count_conv",
        "a window for each entry of the input, in all its channels",
    ): "the entries of the input were counted; the units are those of the output\n",
    ("count_pool", "no connections, since there are no weights"): "and yet each unit reads its window\n",
    ("count_pool", "a stride of 1 by default"): "as long as the window if none is given, not 1\n",
    ("count_pool", "the stride is always the window"): "the step is not always as long as the window\n",
    ("count_pool", "padding of one side only"): "the padding comes on both sides: it counts twice\n",
    ("count_pool", "height and width of the window are swapped"): "height and width of the window are exch",
    ("count_pool", "height and width of the stride are swapped"): "height and width of the stride are exch",
    ("count_pool", "connections: the entries of the input"): "this counts the entries of the input; ",
    (
        "count_pool",
        "pools over the channels too",
    ): "the channels are pooled apart from each other, ",
    ("count_pool", "every unit reads all channels"): "a unit reads a window of its own channel only\n",
    ("count_network", "LeNet's table, typed in"): "this is the row of LeNet's own table; ",
    ("count_network", "every layer is given the network's input"): "each layer was given the network's input",
    ("count_network", "dense layers read the channels only"): "a dense layer reads all entries of the maps: ",
    ("count_network", "the names are missing"): "row 0 has no entry 'name' with the layer's name\ngiven ",
    ("count_network", "one dict for all rows"): "cause     the same dict was appended each time: ",
    (
        "count_network",
        "all options after the kernel are forgotten",
    ): "stride, padding and groups were not passed on\n",
    ("count_network", "the stride is forgotten"): "the option 'stride' was not passed on\n",
    ("count_network", "the padding and the groups are forgotten"): "the option 'padding' was not passed on\n",
    ("alexnet_layers", "groups are ignored"): "half as deep as there are maps: two groups\n",
    ("alexnet_layers", "groups in conv3 too"): "the kernels of this layer read all maps: no groups here\n",
    (
        "alexnet_layers",
        "the kernels' depth is written as the number of groups",
    ): "256 filters of conv2 cannot both be put into 48 equal groups",
    (
        "alexnet_layers",
        "padding of an image of 224",
    ): "an image of 224 needs zeros around it, one of ",
    ("alexnet_layers", "conv1 without its stride"): "the kernel moves in steps of 4, ",
    ("alexnet_layers", "no padding anywhere"): "other zeros are needed around them\n",
    ("alexnet_layers", "a padding of 1 for the kernel of 5, too"): "other zeros are needed around them\n",
    ("alexnet_layers", "pools without a stride"): "the step is 2, less than the window of 3\n",
    (
        "alexnet_layers",
        "pools of 2 by 2, which do not overlap",
    ): "cause     a window is 3 by 3: it overlaps its neighbours, which ",
    ("alexnet_layers", "384 maps in conv5"): "the paper has another number of kernels here\n",
    ("alexnet_layers", "4096 classes"): "the paper has another number of units here\n",
    ("alexnet_layers", "numbers in place of pairs"): "of pool1 must be a pair (height, width), 3 came\n",
}
POINTS = {
    ("output_size", "the dilation is ignored"): 3,
    ("output_size", "rounded up"): 4,
    ("output_size", "a float"): 3,
    ("same_padding", "the dilation is ignored"): 2,
    ("receptive_field", "the dilation is ignored"): 3,
    ("adaptive_windows", "the quotient is rounded first"): 3,
    ("count_weights", "the tiles are counted, not the filters in one"): 4,
    ("count_conv", "the groups are ignored"): 4,
    ("count_conv", "height and width of the stride are swapped"): 3,
    ("count_pool", "connections: one a unit"): 2,
    ("count_network", "the padding and the groups are forgotten"): 4,
    ("count_network", "LeNet's table, typed in"): 0,
    ("alexnet_layers", "groups are ignored"): 4,
    ("alexnet_layers", "pools of 2 by 2, which do not overlap"): 4,
}
WRONG = {
    (answer.task, answer.words): answer.function
    for answer in load_answers(ANSWERS / "lab_06_cnn_layers.py")
    if not answer.is_right
}


def score_of(task: str, function: Any, seed: int) -> Score:
    return score_function(LAB.by_name[task], function, np.random.default_rng(seed))


@pytest.mark.parametrize(("task", "words"), CAUSES, ids=str)
def test_plausible_mistake_is_named(task: str, words: str) -> None:
    for seed in SEEDS:
        assert CAUSES[task, words] in score_of(task, WRONG[task, words], seed).report() + "\n"


@pytest.mark.parametrize(("task", "words"), POINTS, ids=str)
def test_mistake_costs_its_own_properties_only(task: str, words: str) -> None:
    for seed in SEEDS:
        assert score_of(task, WRONG[task, words], seed).points == POINTS[task, words]


def test_two_mistakes_that_give_the_same_are_both_named() -> None:
    with pytest.raises(CheckFailed, match="one slip -- or: another slip"):
        expect_whole(3, 4, what="a size", causes={"one slip": 3, "a third": 5, "another slip": 3})


def test_number_near_that_of_a_mistake_is_not_explained_by_it() -> None:
    with pytest.raises(CheckFailed) as caught:
        expect_whole(1_600_000_001, 1_600_000_000, what="weights", causes={"a slip": 1_600_000_002})
    assert "a slip" not in str(caught.value)


@pytest.mark.parametrize("got", [True, 4.0, np.float64(4), np.nan, "4", None, np.array(4), (4,)])
def test_only_ints_count_as_whole_numbers(got: Any) -> None:
    with pytest.raises(CheckFailed, match=r"a size (is a float|must be an int)"):
        expect_whole(got, 4, what="a size")


def test_ints_of_numpy_and_lists_are_welcome() -> None:
    expect_whole(np.int32(4), 4, what="a size")
    expect_wholes([np.int64(4), 3], (4, 3), what="a pair")


@pytest.mark.parametrize("got", [(4, 3, 1), (4,), 4, (4, 3.0), (3, 4)])
def test_other_pairs_are_refused(got: Any) -> None:
    with pytest.raises(CheckFailed, match="a pair"):
        expect_wholes(got, (4, 3), what="a pair")


def listed_taps(in_shape: Any, kernel: Any, stride: Any, padding: Any) -> dict[tuple[int, int], int]:
    """List a layer's places, and how many entries of one channel each of them reads."""
    rows = range(-padding[0], in_shape[1] + padding[0], stride[0])
    columns = range(-padding[1], in_shape[2] + padding[1], stride[1])
    fits = (in_shape[1] + padding[0] - kernel[0], in_shape[2] + padding[1] - kernel[1])
    found = ((i, j) for i, j in itertools.product(rows, columns) if i <= fits[0] and j <= fits[1])
    return {place: sum(1 for _ in itertools.product(range(kernel[0]), range(kernel[1]))) for place in found}


@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (1, 3), (3, 2)])
@pytest.mark.parametrize("padding", [(0, 0), (1, 0), (0, 2), (2, 1)])
@pytest.mark.parametrize("kernel", [(1, 1), (2, 3), (3, 2)])
def test_rows_of_the_checks_are_those_of_loops(kernel: Any, stride: Any, padding: Any) -> None:
    in_shape, groups, out_channels = (4, 6, 9), 2, 6
    taps = listed_taps(in_shape, kernel, stride, padding)
    conv = conv_row(in_shape, out_channels, kernel, stride, padding, groups)
    pool = pool_row(in_shape, kernel, stride, padding)
    assert (conv["units"], pool["units"]) == (out_channels * len(taps), in_shape[0] * len(taps))
    assert conv["connections"] == out_channels * in_shape[0] // groups * sum(taps.values())
    assert pool["connections"] == in_shape[0] * sum(taps.values())
    assert conv["weights"] == out_channels * in_shape[0] // groups * math.prod(kernel)
    heights, widths = ({place[axis] for place in taps} for axis in (0, 1))
    assert conv["shape"][1:] == pool["shape"][1:] == (len(heights), len(widths))


def test_lenets_table_is_the_decks() -> None:
    rows = table_of(LENET, (1, 32, 32))
    assert {row["name"]: (row["units"], row["connections"], row["weights"]) for row in rows} == LENET_TABLE


def test_alexnet_has_sixty_million_parameters_and_the_papers_units() -> None:
    assert sum(layer.weights + layer.biases for layer in ALEXNET.values()) == 60_965_224
    units = [math.prod(layer.shape) for layer in ALEXNET.values() if layer.weights]
    assert units[1:] == [186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]
    for before, after in itertools.pairwise(ALEXNET.values()):
        assert after.in_shape == before.shape


def test_row_that_lacks_an_entry_is_refused() -> None:
    row = dense_row((2, 3), 4)
    with pytest.raises(CheckFailed, match="no entry 'biases'"):
        expect_row({key: row[key] for key in row if key != "biases"}, row)
    with pytest.raises(CheckFailed, match="must be a dict"):
        expect_row(tuple(row.values()), row)
    expect_row({**row, "shape": [4], "more": 1}, row)


def test_only_a_refusal_is_answered_with_why_the_kernel_fits() -> None:
    def broken(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
        return (size - kernel) // (stride - stride)

    report = score_of("output_size", broken, 0).report()
    assert "output_size raised ZeroDivisionError" in report
    assert "this kernel fits" not in report
