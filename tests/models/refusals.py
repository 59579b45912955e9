"""Whether reading and building a network in YAML refuse the same, in one sentence."""

import pytest

from course_utils.models import network_from_yaml, read_network
from tests.reference.refusals import assert_one_sentence

IMAGE = "input: [1, 28, 28]\nlayers:\n"
VALID = (
    IMAGE + "  - conv: {maps: 10, kernel: 9, padding: same}\n  - flatten\n  - dropout: 0.5\n  - dense: 20\n"
)


def refused(text, error, sentence):
    for read in (read_network, network_from_yaml):
        with pytest.raises(error, match=sentence) as caught:
            read(text)
        assert_one_sentence(caught)
