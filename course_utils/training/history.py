"""The history of a training run: what was measured, epoch by epoch, as a value."""

from collections.abc import Iterator, Mapping


class History(Mapping[str, tuple[float, ...]]):
    """Hold one column for each thing measured and one entry in it for each epoch; it never changes.

    Args:
        columns: name to values, all of one length; ``"epoch"`` counts from 1.
        ending: how training ended, in words.

    Raises:
        ValueError: If the columns have several lengths.
    """

    def __init__(self, columns: Mapping[str, tuple[float, ...]] | None = None, *, ending: str = "") -> None:
        self._columns = {name: tuple(values) for name, values in (columns or {}).items()}
        self._ending = ending
        if len({len(values) for values in self._columns.values()}) > 1:
            lengths = ", ".join(f"{name}: {len(values)}" for name, values in self._columns.items())
            raise ValueError(
                f"columns of a history must have one entry an epoch, but have {lengths}; add rows whole"
            )

    def __getitem__(self, name: str) -> tuple[float, ...]:
        if name not in self._columns:
            raise KeyError(
                f"no column {name!r} was measured; there are {', '.join(self._columns) or 'none yet'}"
            )
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def ending(self) -> str:
        """How training ended, in words; empty while it lasts."""
        return self._ending

    @property
    def epochs(self) -> int:
        """Number of epochs that were finished."""
        return len(next(iter(self._columns.values()), ()))

    def extended(self, row: Mapping[str, float]) -> "History":
        """Return this history with one more epoch.

        Args:
            row: name to value, for every column.

        Returns:
            A new history.

        Raises:
            ValueError: If a column is missing from the row, or new in it.
        """
        if self._columns and set(row) != set(self._columns):
            raise ValueError(
                f"the row has {', '.join(row)} but the history has {', '.join(self._columns)}; give a value "
                "for every column"
            )
        return History(
            {name: (*self._columns.get(name, ()), value) for name, value in row.items()}, ending=self.ending
        )

    def ended(self, ending: str) -> "History":
        """Return this history with another ending.

        Args:
            ending: how training ended, in words.

        Returns:
            A new history.
        """
        return History(self._columns, ending=ending)

    def __repr__(self) -> str:
        changes = [
            f"{name} {values[0]:.3g} -> {values[-1]:.3g}"
            for name, values in self._columns.items()
            if values and name.endswith(("loss", "accuracy"))
        ]
        measured = ", ".join(changes) or "nothing measured"
        return f"History({self.epochs} epochs: {measured}; {self.ending or 'not ended'})"
