"""The deck's four computation graphs, and some more: each the loss and the names of what is drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.autograd import Tensor

Names = dict[str, Tensor]


def leaf(value: Any) -> Tensor:
    return Tensor(value, requires_grad=True)


def univariate() -> tuple[Tensor, Names]:
    """Logistic least squares (B02, B04)."""
    x, w, b, t = Tensor(2.0), leaf(0.5), leaf(-0.2), Tensor(1.0)
    z = w * x + b
    y = z.sigmoid()
    L = 0.5 * (y - t) ** 2
    return L, {"x": x, "w": w, "b": b, "z": z, "y": y, "t": t, "L": L}


def regularised() -> tuple[Tensor, Names]:
    """The same with a penalty on w (B07)."""
    L, names = univariate()
    R = 0.5 * names["w"] ** 2
    L_reg = L + 0.1 * R
    return L_reg, {**names, "R": R, "L_reg": L_reg}


def softmax() -> tuple[Tensor, Names]:
    """Two classes, two inputs, cross-entropy (B08)."""
    values = {"x_1": 1.0, "x_2": -2.0, "t_1": 0.3, "t_2": 0.7}
    weights = {"w_11": 0.5, "w_12": -0.3, "b_1": 0.1, "w_21": 0.2, "w_22": 0.4, "b_2": -0.1}
    n = {name: Tensor(value) for name, value in values.items()}
    n |= {name: leaf(value) for name, value in weights.items()}
    for k in "12":
        n[f"z_{k}"] = n[f"w_{k}1"] * n["x_1"] + n[f"w_{k}2"] * n["x_2"] + n[f"b_{k}"]
    total = n["z_1"].exp() + n["z_2"].exp()
    for k in "12":
        n[f"y_{k}"] = n[f"z_{k}"].exp() / total
    n["L"] = -(n["t_1"] * n["y_1"].log() + n["t_2"] * n["y_2"].log())
    return n["L"], n


def fan_out() -> tuple[Tensor, Names]:
    """Show f = y + e^(xy) with x = cos t and y = t^2 (B05)."""
    t = leaf(1.0)
    x, y = t.cos(), t**2
    f = y + (x * y).exp()
    return f, {"t": t, "x": x, "y": y, "f": f}


def vectors() -> tuple[Tensor, Names]:
    """Return a network of two layers with vectors as nodes (B10)."""
    rng = np.random.default_rng(0)
    W_1, b_1, W_2, b_2 = (leaf(rng.normal(size=shape)) for shape in ((3, 2), (3,), (2, 3), (2,)))
    x, t = Tensor([1.0, -0.5]), Tensor([1.0, 0.0])
    z = W_1 @ x + b_1
    h = z.tanh()
    y = W_2 @ h + b_2
    L = 0.5 * ((y - t) ** 2).sum()
    return L, {"W_1": W_1, "x": x, "b_1": b_1, "z": z, "h": h, "W_2": W_2, "b_2": b_2, "y": y, "t": t, "L": L}


def units() -> tuple[Tensor, Names]:
    """Return a network with two hidden units, every number a node (B09)."""
    n = {"x": Tensor(1.5), "t": Tensor(1.0)}
    weights = {"w_1": 0.5, "b_1": 0.1, "w_2": -0.8, "b_2": 0.3, "v_1": 1.2, "v_2": -0.7, "c": 0.2}
    n |= {name: leaf(value) for name, value in weights.items()}
    for k in "12":
        n[f"h_{k}"] = (n[f"w_{k}"] * n["x"] + n[f"b_{k}"]).tanh()
    n["y"] = n["v_1"] * n["h_1"] + n["v_2"] * n["h_2"] + n["c"]
    n["L"] = 0.5 * (n["y"] - n["t"]) ** 2
    return n["L"], n


def skip() -> tuple[Tensor, Names]:
    """Return a chain whose first link is used once more at its end."""
    x = leaf(0.5)
    h_1 = x.tanh()
    h_2 = h_1.tanh()
    h_3 = h_2.tanh()
    y = h_3 + x
    return y, {"x": x, "h_1": h_1, "h_2": h_2, "h_3": h_3, "y": y}


def chain(length: int) -> tuple[Tensor, Names]:
    names = {"v_0": leaf(0.3)}
    for place in range(1, length):
        names[f"v_{place}"] = names[f"v_{place - 1}"].sin()
    return names[f"v_{length - 1}"], names


def crowd(parents: int) -> tuple[Tensor, Names]:
    names = {f"w_{place}": leaf(0.1 * place) for place in range(parents)}
    total = sum(names.values(), Tensor(0.0)).tanh()
    return total, {**names, "s": total}


DECK: dict[str, Callable[[], tuple[Tensor, Names]]] = {
    "univariate": univariate,
    "regularised": regularised,
    "softmax": softmax,
    "fan_out": fan_out,
}
ALL = {**DECK, "vectors": vectors, "units": units, "skip": skip}
