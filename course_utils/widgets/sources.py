"""The explorers' JavaScript and CSS: the files beside this one, joined, because a widget is one ES module."""

from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = ("maths.js", "plane.js", "controls.js")


def javascript(explorer: str) -> str:
    """Join the shared drawing code and one explorer's own file into one ES module.

    Args:
        explorer: Name of the explorer's file without its ending, such as "neuron".

    Returns:
        The module's text; it imports nothing and asks for nothing from the network.
    """
    files = [*SHARED, f"{explorer}.js"]
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in files)


def stylesheet() -> str:
    """Read the explorers' one style sheet.

    Returns:
        The style sheet's text.
    """
    return (FOLDER / "explorer.css").read_text(encoding="utf-8")
