import struct

import numpy as np
import pytest

from course_utils.data import DataCorruptError
from course_utils.data.idx import parse_idx

ENTRIES = bytes(range(12))


def idx(*shape, entries=ENTRIES, start=b"\0\0\x08"):
    return start + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + entries


def test_entries_come_last_axis_fastest():
    np.testing.assert_array_equal(parse_idx(idx(2, 3, 2), "x"), np.arange(12).reshape(2, 3, 2))
    np.testing.assert_array_equal(parse_idx(idx(12), "x"), np.arange(12))


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", idx(12, start=b"\x1f\x8b\x08"), idx(12, start=b"\0\0\x0d"), idx(12, start=b"\0\1\x08")],
)
def test_a_file_of_another_kind_is_named(content):
    with pytest.raises(
        DataCorruptError, match=r"labels\.gz starts with the bytes .* starts with 00 00 08; delete"
    ):
        parse_idx(content, "labels.gz")


def test_a_file_that_ends_in_its_header_is_named():
    with pytest.raises(DataCorruptError, match="x ends before the sizes of its 3 axes"):
        parse_idx(idx(2, 3, 2)[:10], "x")


@pytest.mark.parametrize(("content", "count"), [(idx(2, 3, 2)[:-1], 11), (idx(2, 3, 2) + b"\0", 13)])
def test_a_length_that_does_not_fit_the_shape_is_named(content, count):
    with pytest.raises(
        DataCorruptError, match=rf"x holds {count} entries but its shape \(2, 3, 2\) needs 12"
    ):
        parse_idx(content, "x")
