"""Progress that is seen while a run lasts and leaves nothing behind in a stored notebook."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from tqdm.auto import tqdm
from tqdm.notebook import tqdm_notebook

VIEW = "application/vnd.jupyter.widget-view+json"


class Bar(Protocol):
    """Count steps for somebody to see."""

    def update(self) -> Any:
        """Count one step."""

    def set_postfix(self, values: Mapping[str, str], /) -> Any:
        """Show the latest numbers."""


class Silent:
    """Count nothing, for a run that nobody watches."""

    def update(self) -> None:
        """Count one step."""

    def set_postfix(self, values: Mapping[str, str], /) -> None:
        """Show the latest numbers."""


@contextmanager
def progress_bar(total: int, *, done: int, shown: bool) -> Iterator[Bar]:
    """Show a bar that counts steps.

    In a notebook the bar is sent as a widget alone, without the text that would be stored and compared, and
    it is taken back at the end.

    Args:
        total: steps of the whole run.
        done: steps that were done before.
        shown: whether to show it at all.

    Yields:
        The bar.
    """
    if not shown:
        yield Silent()
        return
    in_notebook = issubclass(tqdm, tqdm_notebook)
    options = {"display": False} if in_notebook else {}
    bar = tqdm(total=total, initial=done, unit="step", leave=False, mininterval=0.2, **options)
    handle = _send(bar.container) if in_notebook else None
    try:
        yield bar
    finally:
        bar.total = None  # a run that ended early is no error
        bar.close()
        if handle is not None:
            handle.update({}, raw=True)


def _send(container: Any) -> Any:
    """Display a widget without its text; what is returned takes it back."""
    from IPython.display import display

    view = container._repr_mimebundle_()
    return display({VIEW: view[VIEW]}, raw=True, display_id=True)
