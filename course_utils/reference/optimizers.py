"""Steps of gradient descent, each from its paper's update rule, with the state in the open."""

import numpy as np
from numpy.typing import ArrayLike

from course_utils.reference.arguments import FloatArray
from course_utils.reference.optimizer_states import (
    AdamState,
    MomentumState,
    RMSpropState,
    check_no_state,
    settings,
    state_so_far,
    weights_and_gradient,
)


def sgd_step(
    w: ArrayLike, w_bar: ArrayLike, state: None = None, *, learning_rate: float, weight_decay: float = 0.0
) -> tuple[FloatArray, None]:
    r"""Go one step of gradient descent: against the gradient, and towards 0 by weight decay.

    .. math:: w \leftarrow w - \alpha (\bar w + \lambda w)

    Args:
        w: Weights, any shape.
        w_bar: Gradient of the loss with respect to them, same shape; in SGD, that of a batch.
        state: None; this rule remembers nothing.
        learning_rate: Step size alpha.
        weight_decay: Strength lambda of the pull towards 0.

    Returns:
        The next weights, and None for the state.

    Raises:
        TypeError: If an array does not hold floats, a setting is not a number, or a state is given.
        ValueError: If an array is empty, the shapes differ, or a setting is out of range.

    Source:
        Robbins and Monro (1951), A stochastic approximation method; torch.optim.SGD.
    """
    w, w_bar = weights_and_gradient(w, w_bar)
    learning_rate, weight_decay = settings(learning_rate=learning_rate, weight_decay=weight_decay)
    check_no_state(state)

    return w - learning_rate * (w_bar + weight_decay * w), None


def momentum_step(
    w: ArrayLike,
    w_bar: ArrayLike,
    state: MomentumState | None = None,
    *,
    learning_rate: float,
    momentum: float = 0.9,
    nesterov: bool = False,
) -> tuple[FloatArray, MomentumState]:
    r"""Go one step with momentum: along a velocity that collects the gradients and forgets old ones.

    .. math::
        v \leftarrow \mu v + \bar w, \qquad w \leftarrow w - \alpha v
        \qquad \text{Nesterov: } w \leftarrow w - \alpha (\bar w + \mu v)

    Args:
        w: Weights, any shape.
        w_bar: Gradient of the loss with respect to them, same shape.
        state: What the step before returned; None before the first, where v is 0.
        learning_rate: Step size alpha.
        momentum: Share mu of the velocity that is kept.
        nesterov: True to look ahead: the new velocity counts once more.

    Returns:
        The next weights and state.

    Raises:
        TypeError: If an array does not hold floats, a setting is no number, or the state is another rule's.
        ValueError: If an array is empty, the shapes differ, or a setting is out of range.

    Source:
        Polyak (1964), Some methods of speeding up the convergence of iteration methods; Sutskever et al.
        (2013), On the importance of initialization and momentum in deep learning; torch.optim.SGD.
    """
    w, w_bar = weights_and_gradient(w, w_bar)
    learning_rate, momentum = settings(learning_rate=learning_rate, momentum=momentum)
    state = state_so_far(state, MomentumState(v=np.zeros_like(w)))

    v = momentum * state.v + w_bar
    step = w_bar + momentum * v if nesterov else v
    return w - learning_rate * step, MomentumState(v)


def rmsprop_step(
    w: ArrayLike,
    w_bar: ArrayLike,
    state: RMSpropState | None = None,
    *,
    learning_rate: float,
    decay: float = 0.99,
    epsilon: float = 1e-8,
) -> tuple[FloatArray, RMSpropState]:
    r"""Go one step of RMSprop: each gradient is divided by its usual size.

    .. math::
        v \leftarrow \rho v + (1 - \rho) \bar w^2, \qquad
        w \leftarrow w - \alpha \frac{\bar w}{\sqrt v + \epsilon}

    Args:
        w: Weights, any shape.
        w_bar: Gradient of the loss with respect to them, same shape.
        state: What the step before returned; None before the first, where v is 0.
        learning_rate: Step size alpha.
        decay: Share rho of the running mean that is kept.
        epsilon: Keeps the division finite where gradients are 0.

    Returns:
        The next weights and state.

    Raises:
        TypeError: If an array does not hold floats, a setting is no number, or the state is another rule's.
        ValueError: If an array is empty, the shapes differ, or a setting is out of range.

    Source:
        Tieleman and Hinton (2012), Neural networks for machine learning, lecture 6.5; torch.optim.RMSprop.
    """
    w, w_bar = weights_and_gradient(w, w_bar)
    learning_rate, decay, epsilon = settings(learning_rate=learning_rate, decay=decay, epsilon=epsilon)
    state = state_so_far(state, RMSpropState(v=np.zeros_like(w)))

    v = decay * state.v + (1 - decay) * w_bar**2
    return w - learning_rate * w_bar / (np.sqrt(v) + epsilon), RMSpropState(v)


def adam_step(
    w: ArrayLike,
    w_bar: ArrayLike,
    state: AdamState | None = None,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[FloatArray, AdamState]:
    r"""Go one step of Adam: momentum, divided by the gradients' usual size.

    .. math::
        m &\leftarrow \beta_1 m + (1 - \beta_1) \bar w, \qquad
        v \leftarrow \beta_2 v + (1 - \beta_2) \bar w^2 \\
        w &\leftarrow w - \alpha \frac{\hat m}{\sqrt{\hat v} + \epsilon}, \qquad
        \hat m = \frac{m}{1 - \beta_1^k}, \quad \hat v = \frac{v}{1 - \beta_2^k} \text{ in step } k

    Both means start at 0; the divisions by :math:`1 - \beta^k` make up for it.

    Args:
        w: Weights, any shape.
        w_bar: Gradient of the loss with respect to them, same shape.
        state: What the step before returned; None before the first, where m and v are 0.
        learning_rate: Step size alpha.
        beta_1: Share of the mean gradient that is kept.
        beta_2: Share of the mean squared gradient that is kept.
        epsilon: Keeps the division finite where gradients are 0.

    Returns:
        The next weights and state.

    Raises:
        TypeError: If an array does not hold floats, a setting is no number, or the state is another rule's.
        ValueError: If an array is empty, the shapes differ, or a setting is out of range.

    Source:
        Kingma and Ba (2015), Adam: a method for stochastic optimization, algorithm 1; torch.optim.Adam.
    """
    w, w_bar = weights_and_gradient(w, w_bar)
    learning_rate, beta_1, beta_2, epsilon = settings(
        learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon
    )
    state = state_so_far(state, AdamState(m=np.zeros_like(w), v=np.zeros_like(w), steps=0))

    k = state.steps + 1
    m = beta_1 * state.m + (1 - beta_1) * w_bar
    v = beta_2 * state.v + (1 - beta_2) * w_bar**2
    m_hat = m / (1 - beta_1**k)
    v_hat = v / (1 - beta_2**k)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), AdamState(m, v, k)


def adamw_step(
    w: ArrayLike,
    w_bar: ArrayLike,
    state: AdamState | None = None,
    *,
    learning_rate: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[FloatArray, AdamState]:
    r"""Go one step of AdamW: the weights decay, then Adam's step, whose division leaves the decay alone.

    .. math:: w \leftarrow w - \alpha \lambda w - \alpha \frac{\hat m}{\sqrt{\hat v} + \epsilon}

    Args:
        w: Weights, any shape.
        w_bar: Gradient of the loss with respect to them, same shape.
        state: As for `adam_step`.
        learning_rate: As for `adam_step`.
        beta_1: As for `adam_step`.
        beta_2: As for `adam_step`.
        epsilon: As for `adam_step`.
        weight_decay: Strength lambda of the pull towards 0.

    Returns:
        The next weights and state.

    Raises:
        TypeError: As for `adam_step`.
        ValueError: As for `adam_step`.

    Source:
        Loshchilov and Hutter (2019), Decoupled weight decay regularization, algorithm 2; torch.optim.AdamW.
    """
    w, w_bar = weights_and_gradient(w, w_bar)
    learning_rate, weight_decay = settings(learning_rate=learning_rate, weight_decay=weight_decay)

    w = w - learning_rate * weight_decay * w
    return adam_step(
        w, w_bar, state, learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon
    )
