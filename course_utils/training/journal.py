"""A run's numbers for TensorBoard, on request."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Journal:
    """Write each epoch's numbers where TensorBoard finds them.

    Args:
        folder: where to write.
        done: epochs that were done before; what the folder holds of later ones is left out.

    Raises:
        ModuleNotFoundError: If TensorBoard is not installed.
    """

    def __init__(self, folder: str | Path, *, done: int = 0) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise ModuleNotFoundError(
                "log_to needs TensorBoard, which is not installed; run: pip install tensorboard"
            ) from error
        self._writer: Any = SummaryWriter(str(folder), purge_step=done + 1)

    def write(self, row: Mapping[str, float]) -> None:
        """Write one epoch.

        Args:
            row: name to value, with ``"epoch"`` among them; ``train_loss`` and ``validation_loss`` become
                ``loss/train`` and ``loss/validation``.
        """
        for name, value in row.items():
            if name != "epoch":
                group, _, rest = name.partition("_")
                title = f"{rest}/{group}" if group in ("train", "validation") else name
                self._writer.add_scalar(title, value, int(row["epoch"]))
        self._writer.flush()

    def close(self) -> None:
        """Close the file."""
        self._writer.close()
