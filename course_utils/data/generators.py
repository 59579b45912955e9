"""Random generators, which every random function of this package takes as an argument.

`reference` has a check of its own: the graders use these data, and must not lean on `reference` even by way
of another module.
"""

import numpy as np


def check_generator(rng: object) -> None:
    """Refuse what is no random generator, such as its seed.

    Args:
        rng: What the caller gave.

    Raises:
        TypeError: If it is not a generator.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a generator, but rng={rng!r}; pass np.random.default_rng(0)")
