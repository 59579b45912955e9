"""The explorers' JavaScript and CSS: the files beside this one, joined, because a widget is one ES module."""

from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = ("maths.js", "plane.js", "controls.js")


def javascript(explorer: str, *needs: str) -> str:
    """Join the shared drawing code and one explorer's own file into one ES module.

    Args:
        explorer: Name of the explorer's file without its ending, such as "neuron".
        needs: Names of further files that come before it, in this order, such as "cells".

    Returns:
        The module's text; it imports nothing and asks for nothing from the network.
    """
    files = [*SHARED, *(f"{name}.js" for name in needs), f"{explorer}.js"]
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in files)


def stylesheet(*needs: str) -> str:
    """Read the style sheet that all explorers share, and an explorer's own.

    Args:
        needs: Names of further files that come after it, such as "layers".

    Returns:
        The style sheet's text.
    """
    files = ["explorer.css", *(f"{name}.css" for name in needs)]
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in files)
