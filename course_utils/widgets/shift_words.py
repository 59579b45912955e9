"""What the shift explorer says, in the browser's very words: the tests hold both equal."""

from course_utils.widgets.shifting import FIELD, measure

MEANING = "A change will be the length of the difference, in percent of the length at first."


def change_words(digit: int, shift: tuple[int, int], pooling: str, size: int) -> str:
    """Say what a shift has changed.

    Args:
        digit: From 0 to 9.
        shift: Rows down and columns to the right.
        pooling: "max", "average" or "none".
        size: Side of a pooling square.

    Returns:
        Three sentences, a line each; one if nothing has moved.
    """
    if not any(shift):
        return f"Digit {digit} has not moved yet, so nothing has changed.\n{MEANING}"
    found = measure(digit, shift, pooling, size)
    why = "part of it is outside" if found.moved_along else "equivariance"
    said = [
        f"Digit {digit} moved {distance(shift)}: {found.pixels} of {FIELD * FIELD} input pixels changed.",
        f"Feature maps: changed by {percent(found.feature_maps)} in place, "
        f"by {percent(found.moved_along)} from the first ones moved along: {why}.",
    ]
    if found.global_pool is None:
        return "\n".join([*said, "Nothing is pooled: what comes next sees the changed feature maps."])
    still = ": invariance" if found.global_pool == 0 else ""
    pooled = f"{pooling.capitalize()} pooling, {size} × {size}: changed by {percent(found.pooled)}"
    whole = f"over the whole map: changed by {percent(found.global_pool)}{still}"
    return "\n".join([*said, f"{pooled}; {whole}."])


def distance(shift: tuple[int, int]) -> str:
    """Say how far something moved.

    Args:
        shift: Rows down and columns to the right, not both zero.

    Returns:
        Such as "1 down and 2 to the left".
    """
    (down, right), parts = shift, []
    if down:
        parts.append(f"{abs(down)} {'down' if down > 0 else 'up'}")
    if right:
        parts.append(f"{abs(right)} to the {'right' if right > 0 else 'left'}")
    return " and ".join(parts)


def percent(share: float) -> str:
    """Write a share in percent with one decimal, and 0 only if it is.

    Args:
        share: The share, not negative.

    Returns:
        Such as "12.3 %".
    """
    if share == 0:
        return "0 %"
    return "less than 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"
