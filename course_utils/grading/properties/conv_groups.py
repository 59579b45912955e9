"""Properties of a convolutional layer whose channels are in groups."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.grading.authoring import Student, expect_array, expect_close
from course_utils.grading.properties.conv_connections import NONE, ONE
from course_utils.grading.properties.conv_forward import Layer, output_of, wrong_kernels
from course_utils.grading.properties.late_causes import expect_close_or_explain
from course_utils.grading.properties.second_calls import call_or_explain
from course_utils.grading.properties.windows import options

Array = NDArray[Any]
Random = np.random.Generator
IGNORED = "the groups are ignored: the kernels are to reach over the channels of all groups"


# Task 6: grouped_conv2d


def _causes_of_groups(x: Array, W: Array, b: Array, layer: Layer) -> dict[str, Any]:
    given, groups, each = (layer.stride, layer.padding), layer.groups, W.shape[1]
    turned = np.arange(x.shape[1]).reshape(each, groups).T.ravel()
    others = np.arange(layer.out_channels).reshape(-1, groups).T.ravel()
    added = np.stack([x[:, k * each : (k + 1) * each] for k in range(groups)]).sum(axis=0)
    return {
        "the groups are ignored: every kernel saw the first group's channels": output_of(
            x[:, :each], W, b, *given
        ),
        "the groups are ignored: every kernel was used for the channels of all groups": output_of(
            added, W, b, *given
        ),
        "the channels were dealt out in turn; a group's channels stand side by side": output_of(
            x[:, turned], W, b, *given, groups=groups
        ),
        "the kernels were dealt out in turn; a group's kernels stand side by side": output_of(
            x, W[others], b[others], *given, groups=groups
        )[:, np.argsort(others)],
        "with g groups, every g-th kernel was taken for one; a group's kernels stand side by side": output_of(
            x, W[others], b[others], *given, groups=groups
        ),
        **wrong_kernels(x, W, b, *given, groups),
        **_wrong_joints(x, W, b, layer),
    }


def _wrong_joints(x: Array, W: Array, b: Array, layer: Layer) -> dict[str, Any]:
    right, groups = output_of(x, W, b, layer.stride, layer.padding, groups=layer.groups), layer.groups
    apart = right.reshape(len(x), groups, -1, *right.shape[2:])
    first = np.tile(b[: len(b) // groups], groups)
    return {
        "the bias was not added": right - b[:, None, None],
        "every group got the biases of the first one": right + (first - b)[:, None, None],
        "the groups' outputs were added; they stand one behind another": apart.sum(axis=1),
        "the outputs stand behind one another along another axis": np.concatenate(
            np.split(right, groups, axis=1), axis=0
        ),
        "the outputs were joined in turn; those of a group stand side by side": np.concatenate(
            [apart[:, :, k] for k in range(apart.shape[2])], axis=1
        ),
        "stride and padding were not passed on": output_of(x, W, b, groups=groups),
        "the stride was not passed on": output_of(x, W, b, ONE, layer.padding, groups=groups),
        "the padding was not passed on": output_of(x, W, b, layer.stride, NONE, groups=groups),
    }


def _expect_grouped(student: Student, rng: Random, layers: Iterable[Layer]) -> None:
    for layer in layers:
        x, W, b = layer.draw(rng)
        want = output_of(x, W, b, layer.stride, layer.padding, groups=layer.groups)
        named = {"groups": layer.groups} if layer.groups > 1 else {}
        shows = {IGNORED: partial(_expect_ignored, student, x, W, b, layer)}
        given = named | options(layer.stride, layer.padding)
        got = call_or_explain(student, x, W, b, shows=shows, **given)
        expect_close_or_explain(got, want, what="y", causes=partial(_causes_of_groups, x, W, b, layer))


def _expect_ignored(student: Student, x: Array, W: Array, b: Array, layer: Layer) -> None:
    """Pass if kernels that reach over the channels of all groups are taken, and used as without groups."""
    everywhere = np.tile(W, (1, layer.groups, 1, 1))
    got = student(x, everywhere, b, groups=layer.groups, **options(layer.stride, layer.padding))
    expect_close(got, output_of(x, everywhere, b, layer.stride, layer.padding))


def is_one_layer_for_one_group(student: Student, rng: Random) -> None:
    """is the layer of task 3 if there is one group, and by default"""
    layers = (Layer((2, 3, 4, 5), 2, (2, 3)), Layer((1, 2, 5, 4), 3, (3, 2), (2, 1), (0, 1)))
    _expect_grouped(student, rng, layers)
    x, W, b = layers[0].draw(rng)
    expect_close(student(x, W, b, groups=1), output_of(x, W, b), what="y")


def each_group_sees_its_channels(student: Student, rng: Random) -> None:
    """lets each group of kernels see its own group of channels only"""
    layers = (
        Layer((2, 4, 3, 4), 6, (2, 3), groups=2),
        Layer((1, 6, 4, 3), 3, (2, 2), groups=3),
        Layer((2, 6, 3, 3), 4, (1, 2), groups=2),
    )
    _expect_grouped(student, rng, layers)


def takes_as_many_groups_as_channels(student: Student, rng: Random) -> None:
    """takes as many groups as channels, with one kernel or several for each"""
    layers = (Layer((2, 3, 4, 3), 3, (2, 1), groups=3), Layer((1, 2, 3, 4), 6, (2, 2), groups=2))
    _expect_grouped(student, rng, layers)


def groups_stride_and_pad(student: Student, rng: Random) -> None:
    """passes stride and padding on, and keeps float32"""
    layers = (
        Layer((1, 4, 5, 6), 4, (2, 3), (2, 1), groups=2),
        Layer((2, 2, 3, 4), 4, (3, 2), ONE, (1, 2), groups=2),
        Layer((1, 6, 5, 4), 3, (3, 2), (2, 3), (1, 0), groups=3),
    )
    _expect_grouped(student, rng, layers)
    x, W, b = (part.astype(np.float32) for part in layers[2].draw(rng))
    got = student(x, W, b, 3, (2, 3), (1, 0))
    expect_array(got, kind="float32", what="y")
    expect_close(got, output_of(x, W, b, (2, 3), (1, 0), groups=3), what="y")
