"""Who takes part: a short name for the command line, a name for the table, and what must be installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.util import find_spec

from benchmarks.training.task import Options


@dataclass(frozen=True)
class Contender:
    """One way to train."""

    key: str
    name: str
    module: str  # in benchmarks.training.frameworks
    package: str
    options: Options = field(default_factory=Options)

    @property
    def installed(self) -> bool:
        try:
            return find_spec(self.package) is not None
        except ModuleNotFoundError:  # the package above it is not there either
            return False


OURS = "course_utils.training"
BASELINE = "bare"  # ratios are to it
LENET = (
    Contender("ours", "course_utils", "ours", OURS),
    Contender("ours-channels-last", "course_utils, channels-last", "ours", OURS, Options(channels_last=True)),
    Contender("bare", "bare loop, DataLoader", "bare", "torch", Options(workers=0)),
    Contender("bare-workers", "bare loop, DataLoader with 2 workers", "bare", "torch", Options(workers=2)),
    Contender("bare-resident", "bare loop, resident tensors", "bare", "torch", Options(resident=True)),
    Contender(
        "bare-best",
        "bare loop, resident tensors, channels-last",
        "bare",
        "torch",
        Options(resident=True, channels_last=True),
    ),
    Contender("lightning", "PyTorch Lightning", "lightning_trainer", "lightning"),
    Contender("fabric", "Lightning Fabric", "lightning_fabric", "lightning"),
    Contender("accelerate", "Accelerate", "accelerate_loop", "accelerate"),
    Contender("skorch", "skorch", "skorch_net", "skorch"),
    Contender("keras", "Keras 3 on PyTorch", "keras_model", "keras"),
    Contender(
        "keras-default", "Keras 3, its default layout", "keras_model", "keras", Options(channels_last=True)
    ),
)
BF16 = Options(precision="bf16")
BEST = Options(precision="bf16", compile=True, channels_last=True)
RESIDENT = Options(resident=True, precision="bf16", compile=True, channels_last=True)
RESNET = (
    Contender("ours", "course_utils, float32", "ours", OURS),
    Contender("ours-bf16", "course_utils, bf16", "ours", OURS, BF16),
    Contender("ours-best", "course_utils, bf16, compile, channels-last", "ours", OURS, BEST),
    Contender("bare", "bare loop, float32", "bare", "torch"),
    Contender("bare-bf16", "bare loop, bf16", "bare", "torch", BF16),
    Contender("bare-best", "bare loop, bf16, compile, channels-last", "bare", "torch", BEST),
    Contender("bare-resident", "the same, resident tensors", "bare", "torch", RESIDENT),
)


def choose(keys: tuple[str, ...], known: tuple[Contender, ...] = LENET) -> tuple[Contender, ...]:
    """Return the contenders of these names and the baseline; all of them for no name.

    Raises:
        ValueError: a name is unknown.
    """
    names = [contender.key for contender in known]
    for key in keys:
        if key not in names:
            raise ValueError(f"--only takes one of {', '.join(names)}, and {key} was given.")
    return tuple(each for each in known if not keys or each.key in (*keys, BASELINE))
