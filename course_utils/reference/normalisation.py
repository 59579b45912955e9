"""Batch normalisation: mean 0 and variance 1 for each feature over a batch, then a scale that is learned."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray, check_same_shape, float_array
from course_utils.reference.settings import positive, share

AXES = {2: ("batch", "features"), 4: ("batch", "channels", "height", "width")}


def batch_norm(x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, epsilon: float = 1e-5) -> FloatArray:
    r"""Normalise a batch by its own mean and variance, as in training.

    .. math::
        \mu = \frac{1}{m} \sum_n x_n, \qquad v = \frac{1}{m} \sum_n (x_n - \mu)^2, \qquad
        \hat x_n = \frac{x_n - \mu}{\sqrt{v + \epsilon}}, \qquad y_n = \gamma \hat x_n + \beta

    For each feature the sums run over the m examples; for each channel of images over the m places of all
    examples.

    Args:
        x: Inputs, shape (batch, features) or (batch, channels, height, width).
        gamma: Scale of each feature or channel, shape (features,).
        beta: Mean of each feature or channel after scaling, shape (features,).
        epsilon: Keeps the division finite where a feature is constant.

    Returns:
        Normalised inputs, shape of ``x``.

    Raises:
        TypeError: If an array does not hold real numbers or ``epsilon`` is no number.
        ValueError: If an array is empty, the shapes do not fit, ``epsilon`` is not positive, or a feature has
            one value only.

    Source:
        Ioffe and Szegedy (2015), Batch normalization, algorithm 1; of images, section 3.2.
    """
    x, gamma, beta = _per_feature(x, {"gamma": gamma, "beta": beta})
    x_hat, _ = _normalised(x, epsilon)
    return gamma * x_hat + beta


def batch_norm_backward(
    y_bar: ArrayLike, x: ArrayLike, gamma: ArrayLike, beta: ArrayLike, *, epsilon: float = 1e-5
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Pass a gradient back through the normalisation of a batch.

    The last line of the forward pass, :math:`y_n = \gamma \hat x_n + \beta`, gives

    .. math::
        \bar\beta = \sum_n \bar y_n, \qquad \bar\gamma = \sum_n \bar y_n \hat x_n, \qquad
        \bar{\hat x}_n = \gamma \bar y_n

    An input acts on its loss in three ways: directly, through the mean and through the variance. With
    :math:`s = \sqrt{v + \epsilon}` and :math:`\hat x_n = (x_n - \mu) / s`, these are

    .. math::
        \bar s &= -\frac{1}{s} \sum_n \bar{\hat x}_n \hat x_n, \qquad
        \bar v = \frac{\bar s}{2 s}, \qquad
        \bar\mu = -\frac{1}{s} \sum_n \bar{\hat x}_n \\
        \bar x_n &= \frac{\bar{\hat x}_n}{s} + \frac{\bar\mu}{m} + \bar v \, \frac{2 (x_n - \mu)}{m}

    where the variance adds nothing to :math:`\bar\mu`, since :math:`\sum_n (x_n - \mu) = 0`. Put together:

    .. math::
        \bar x_n = \frac{\gamma}{s} \Bigl(
            \bar y_n - \frac{1}{m} \sum_l \bar y_l - \hat x_n \frac{1}{m} \sum_l \bar y_l \hat x_l \Bigr)

    so that what a gradient has in common with a shift or a stretch of the whole feature is taken out of it.

    Args:
        y_bar: Gradient with respect to the output, shape of ``x``.
        x: Inputs, as for `batch_norm`.
        gamma: As for `batch_norm`.
        beta: As for `batch_norm`.
        epsilon: As for `batch_norm`.

    Returns:
        Gradients ``x_bar``, ``gamma_bar`` and ``beta_bar``, each of the shape of its argument.

    Raises:
        TypeError: As for `batch_norm`.
        ValueError: As for `batch_norm`, or if ``y_bar`` does not have the shape of ``x``.

    Source:
        Ioffe and Szegedy (2015), Batch normalization, section 3.
    """
    x, gamma, beta = _per_feature(x, {"gamma": gamma, "beta": beta})
    y_bar = float_array(y_bar, "y_bar")
    check_same_shape(y_bar, "y_bar", x, "x")
    x_hat, s = _normalised(x, epsilon)
    axes = _summed(x)

    gamma_bar = np.sum(y_bar * x_hat, axis=axes)
    beta_bar = np.sum(y_bar, axis=axes)
    shift = np.mean(y_bar, axis=axes, keepdims=True)
    stretch = np.mean(y_bar * x_hat, axis=axes, keepdims=True)
    return gamma / s * (y_bar - shift - x_hat * stretch), gamma_bar, beta_bar


def batch_norm_inference(
    x: ArrayLike,
    gamma: ArrayLike,
    beta: ArrayLike,
    mean: ArrayLike,
    variance: ArrayLike,
    *,
    epsilon: float = 1e-5,
) -> FloatArray:
    r"""Normalise by a mean and a variance that are given, as after training: examples do not mix.

    .. math:: y_n = \gamma \frac{x_n - \mu}{\sqrt{v + \epsilon}} + \beta

    Args:
        x: Inputs, shape (batch, features) or (batch, channels, height, width); a batch of one will do.
        gamma: As for `batch_norm`.
        beta: As for `batch_norm`.
        mean: Mean of each feature or channel, shape (features,), from `running_statistics`.
        variance: Variance of each feature or channel, shape (features,), from `running_statistics`.
        epsilon: As for `batch_norm`.

    Returns:
        Normalised inputs, shape of ``x``.

    Raises:
        TypeError: If an array does not hold real numbers or ``epsilon`` is no number.
        ValueError: If an array is empty, the shapes do not fit, ``epsilon`` is not positive, or a variance is
            negative.

    Source:
        Ioffe and Szegedy (2015), Batch normalization, algorithm 2.
    """
    statistics = {"gamma": gamma, "beta": beta, "mean": mean, "variance": variance}
    x, gamma, beta, mean, variance = _per_feature(x, statistics)
    _check_variance(variance)
    s = np.sqrt(variance + positive(epsilon, "epsilon"))
    y: FloatArray = gamma * (x - mean) / s + beta
    return y


def running_statistics(
    mean: ArrayLike, variance: ArrayLike, x: ArrayLike, *, momentum: float = 0.1
) -> tuple[FloatArray, FloatArray]:
    r"""Move the mean and variance that inference will use towards those of a batch.

    .. math::
        \text{mean} \leftarrow (1 - \rho) \, \text{mean} + \rho \mu, \qquad
        \text{variance} \leftarrow (1 - \rho) \, \text{variance} + \rho \frac{m}{m - 1} v

    The factor makes the batch's variance an unbiased estimate of that of all data. Before the first batch the
    mean is 0 and the variance 1.

    Args:
        mean: Mean of each feature or channel so far, shape (features,).
        variance: Variance of each feature or channel so far, shape (features,).
        x: The batch, shape (batch, features) or (batch, channels, height, width).
        momentum: Weight rho of the batch, from 0 to 1; as in PyTorch, not that of the past.

    Returns:
        The next mean and variance, each of shape (features,).

    Raises:
        TypeError: If an array does not hold real numbers or ``momentum`` is no number.
        ValueError: If an array is empty, the shapes do not fit, ``momentum`` is out of range, a variance is
            negative, or a feature has one value only.

    Source:
        Ioffe and Szegedy (2015), Batch normalization, algorithm 2; running means: torch.nn.BatchNorm1d.
    """
    x, mean, variance = _per_feature(x, {"mean": mean, "variance": variance})
    _check_variance(variance)
    _check_several_values(x)
    rho = share(momentum, "momentum")
    axes = _summed(x)
    return (
        (1 - rho) * mean.ravel() + rho * x.mean(axis=axes),
        (1 - rho) * variance.ravel() + rho * x.var(axis=axes, ddof=1),
    )


def _normalised(x: FloatArray, epsilon: float) -> tuple[FloatArray, FloatArray]:
    """Return inputs with mean 0 and variance 1, and the standard deviation that they were divided by."""
    _check_several_values(x)
    axes = _summed(x)
    mean = x.mean(axis=axes, keepdims=True)
    s = np.sqrt(x.var(axis=axes, keepdims=True) + positive(epsilon, "epsilon"))
    return (x - mean) / s, s


def _summed(x: FloatArray) -> tuple[int, ...]:
    """List the axes that statistics run over: all but that of the features or channels."""
    return (0, *range(2, x.ndim))


def _per_feature(x: ArrayLike, vectors: Mapping[str, ArrayLike]) -> tuple[FloatArray, ...]:
    """Return the inputs, and vectors with an entry for each feature, shaped to go with the inputs."""
    x = float_array(x, "x")
    if x.ndim not in AXES:
        raise ValueError(
            f"x must be (batch, features) or (batch, channels, height, width), but x.shape={x.shape}; "
            "reshape it"
        )
    name_of_axis = AXES[x.ndim][1]
    arrays = {name: float_array(value, name, axes=(name_of_axis,)) for name, value in vectors.items()}
    for name, array in arrays.items():
        if len(array) != x.shape[1]:
            raise ValueError(
                f"{name} has {len(array)} entries but x has {x.shape[1]} {name_of_axis} "
                f"(x.shape={x.shape}); give one entry for each"
            )
    return x, *(array.reshape(-1, *[1] * (x.ndim - 2)) for array in arrays.values())


def _check_several_values(x: FloatArray) -> None:
    """Raise a ValueError if a feature has one value: its variance says nothing, and the output is beta."""
    if x.size == x.shape[1]:
        raise ValueError(
            f"each feature has one value in this batch (x.shape={x.shape}) but a variance needs two; "
            "give a larger batch, or use batch_norm_inference"
        )


def _check_variance(variance: FloatArray) -> None:
    """Raise a ValueError if a variance is negative."""
    if np.any(variance < 0):
        raise ValueError(
            f"variance holds {float(variance.min()):g} but a variance is at least 0; "
            "check that mean and variance are in this order"
        )
