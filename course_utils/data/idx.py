"""The IDX format, in which MNIST is published."""

import math
import struct

import numpy as np
from numpy.typing import NDArray

from course_utils.data.downloads import DataCorruptError

UNSIGNED_BYTE = 0x08


def parse_idx(content: bytes, name: str) -> NDArray[np.uint8]:
    """Read an array of bytes from the content of an IDX file.

    The file starts with two zero bytes, a byte for the type and one for the number of axes; then come the
    sizes, big-endian, and the entries, last axis fastest.

    Args:
        content: The unpacked file.
        name: Its name, for the sentence.

    Returns:
        The array, of the shape that the file gives.

    Raises:
        DataCorruptError: If it is not an IDX file of unsigned bytes, or its length does not fit its shape.

    Source:
        LeCun, Cortes and Burges, The MNIST Database: file formats.
    """
    if len(content) < 4 or content[:3] != bytes([0, 0, UNSIGNED_BYTE]):
        raise DataCorruptError(
            f"{name} starts with the bytes {content[:4].hex(' ')} but an IDX file of unsigned bytes "
            "starts with 00 00 08; delete the file and fetch it again"
        )
    axes = content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise DataCorruptError(
            f"{name} ends before the sizes of its {axes} axes; delete the file and fetch it again"
        )
    shape = struct.unpack(f">{axes}I", content[4:start])
    if len(content) - start != math.prod(shape):
        raise DataCorruptError(
            f"{name} holds {len(content) - start} entries but its shape {shape} needs {math.prod(shape)}; "
            "delete the file and fetch it again"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()  # a copy can be written to
