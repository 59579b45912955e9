"""The decks' computation graphs with numbers, ready for the backprop explorer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from course_utils.autograd import Tensor


@dataclass(frozen=True)
class Graph:
    """A named computation: how to build it, and what each line of its program says.

    Args:
        title: What it is called in the list of graphs.
        build: Makes the named tensors, the output last.
        lines: For each computed name the expression in Python, such as "w * x + b".
        bars: For each name that has a gradient the expression of it, in bars, such as "z_bar * x".
    """

    title: str
    build: Callable[[], dict[str, Tensor]]
    lines: Mapping[str, str] = field(default_factory=dict)
    bars: Mapping[str, str] = field(default_factory=dict)


def _parameters(**values: float) -> dict[str, Tensor]:
    return {name: Tensor(value, requires_grad=True) for name, value in values.items()}


def _logistic() -> dict[str, Tensor]:
    x, t = Tensor(2.0), Tensor(0.9)
    w, b = _parameters(w=0.6, b=-1.2).values()
    z = w * x + b
    y = z.sigmoid()
    return {"x": x, "w": w, "b": b, "z": z, "y": y, "t": t, "L": (y - t) ** 2 / 2}


def _regularised() -> dict[str, Tensor]:
    names, λ = _logistic(), Tensor(0.5)
    R = names["w"] ** 2 / 2
    return names | {"R": R, "λ": λ, "L_reg": names["L"] + λ * R}


def _two_paths() -> dict[str, Tensor]:
    t = Tensor(1.0, requires_grad=True)
    x, y = t.cos(), t**2
    return {"t": t, "x": x, "y": y, "f": y + (x * y).exp()}


def _softmax() -> dict[str, Tensor]:
    data = {"x_1": Tensor(1.0), "x_2": Tensor(2.0), "t_1": Tensor(0.0), "t_2": Tensor(1.0)}
    weights = _parameters(w_11=0.5, w_12=0.25, b_1=0.0, w_21=-0.5, w_22=0.5, b_2=0.5)
    x_1, x_2, t_1, t_2 = data.values()
    w_11, w_12, b_1, w_21, w_22, b_2 = weights.values()
    z_1, z_2 = w_11 * x_1 + w_12 * x_2 + b_1, w_21 * x_1 + w_22 * x_2 + b_2
    y_1, y_2 = z_1.exp() / (z_1.exp() + z_2.exp()), z_2.exp() / (z_1.exp() + z_2.exp())
    found = {"z_1": z_1, "z_2": z_2, "y_1": y_1, "y_2": y_2}
    return data | weights | found | {"L": -(t_1 * y_1.log() + t_2 * y_2.log())}


LEAST_SQUARES = {"z": "w * x + b", "y": "sigmoid(z)", "L": "(y - t)**2 / 2"}
LEAST_SQUARES_BARS = {
    "L": "1",
    "y": "L_bar * (y - t)",
    "z": "y_bar * y * (1 - y)",
    "w": "z_bar * x",
    "b": "z_bar",
}
CLASSES = ((1, 2), (2, 1))  # each class, and the other one
SOFTMAX = {
    **{f"z_{k}": f"w_{k}1 * x_1 + w_{k}2 * x_2 + b_{k}" for k, _ in CLASSES},
    **{f"y_{k}": f"exp(z_{k}) / (exp(z_1) + exp(z_2))" for k, _ in CLASSES},
    "L": "-(t_1 * log(y_1) + t_2 * log(y_2))",
}
SOFTMAX_BARS = {
    "L": "1",
    **{f"y_{k}": f"-L_bar * t_{k} / y_{k}" for k, _ in CLASSES},
    **{f"z_{k}": f"y_{k}_bar * y_{k} * (1 - y_{k}) - y_{j}_bar * y_{j} * y_{k}" for k, j in CLASSES},
    **{f"w_{k}{i}": f"z_{k}_bar * x_{i}" for k, _ in CLASSES for i in (1, 2)},
    **{f"b_{k}": f"z_{k}_bar" for k, _ in CLASSES},
}

GRAPHS: Mapping[str, Graph] = {
    "logistic": Graph("Logistic least squares", _logistic, LEAST_SQUARES, LEAST_SQUARES_BARS),
    "two_paths": Graph(
        "Two paths, f(x, y) = y + exp(x y)",
        _two_paths,
        {"x": "cos(t)", "y": "t**2", "f": "y + exp(x * y)"},
        {
            "f": "1",
            "x": "f_bar * y * exp(x * y)",
            "y": "f_bar * (1 + x * exp(x * y))",
            "t": "x_bar * -sin(t) + y_bar * 2 * t",
        },
    ),
    "regularised": Graph(
        "L2-regularised logistic least squares",
        _regularised,
        {**LEAST_SQUARES, "R": "w**2 / 2", "L_reg": "L + λ * R"},
        {
            **LEAST_SQUARES_BARS,
            "L_reg": "1",
            "L": "L_reg_bar",
            "R": "L_reg_bar * λ",
            "w": "z_bar * x + R_bar * w",
        },
    ),
    "softmax": Graph("Softmax with cross-entropy, two classes", _softmax, SOFTMAX, SOFTMAX_BARS),
}
