"""Wrong and right answers to the tasks of lab 04, as students write them."""

# Several answers to a task have the same name, that of the task.

import functools
import math
import statistics

import numpy as np
from curated import right, wrong

LAB = "04_training"


# --------------------------------------------------------------------------------------------- momentum_step


@right("momentum_step", "zeros for the velocity before the first step")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    if v is None:
        v = np.zeros_like(w_bar)
    v = momentum * v + w_bar
    return w - learning_rate * v, v


@right("momentum_step", "flat, entry by entry, as a list of two")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = [0] * w.size if v is None else v.ravel().tolist()
    v = [momentum * old + new for old, new in zip(v, w_bar.ravel().tolist(), strict=True)]
    w_next = [weight - learning_rate * speed for weight, speed in zip(w.ravel().tolist(), v, strict=True)]
    kind = w.dtype if w.dtype.kind == "f" else float
    return [np.array(part, dtype=kind).reshape(w.shape) for part in (w_next, v)]


@right("momentum_step", "copies changed in place")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = np.zeros(w.shape, np.result_type(w_bar, np.float32)) if v is None else v.copy()
    v *= momentum
    v += w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "plain gradient descent")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    return w - learning_rate * w_bar, w_bar


@wrong("momentum_step", "the velocity is not kept: the weights move by the gradient")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = w_bar if v is None else momentum * v + w_bar
    return w - learning_rate * w_bar, v


@wrong("momentum_step", "dampened: the gradient times 1 - momentum")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = (0 if v is None else momentum * v) + (1 - momentum) * w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "dampened, but not in the first step")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = w_bar if v is None else momentum * v + (1 - momentum) * w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "uphill")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = w_bar if v is None else momentum * v + w_bar
    return w + learning_rate * v, v


@wrong("momentum_step", "the velocity points downhill")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = -w_bar if v is None else momentum * v - w_bar
    return w + learning_rate * v, v


@wrong("momentum_step", "the learning rate is in the velocity")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = (0 if v is None else momentum * v) + learning_rate * w_bar
    return w - v, v


@wrong("momentum_step", "the learning rate is in the velocity, which points downhill")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = (0 if v is None else momentum * v) - learning_rate * w_bar
    return w + v, v


@wrong("momentum_step", "no first step: the velocity is 0 there")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    if v is None:
        return w, np.zeros_like(w_bar)
    v = momentum * v + w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "the weights move by the velocity of the step before")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = np.zeros_like(w) if v is None else v
    return w - learning_rate * v, momentum * v + w_bar


@wrong("momentum_step", "Nesterov's")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = w_bar if v is None else momentum * v + w_bar
    return w - learning_rate * (w_bar + momentum * v), v


@wrong("momentum_step", "the old velocity does not fade")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = w_bar if v is None else v + w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "the velocity that came is returned")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v_next = w_bar if v is None else momentum * v + w_bar
    return w - learning_rate * v_next, v_next if v is None else v


@wrong("momentum_step", "the velocity is changed in place")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    if v is None:
        v = np.zeros(w.shape)
    v *= momentum
    v += w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "entry by entry into copies, which stay whole")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    w_next, v_next = w.copy(), np.zeros_like(w) if v is None else v.copy()
    for place in np.ndindex(w.shape):
        v_next[place] = momentum * v_next[place] + w_bar[place]
        w_next[place] -= learning_rate * v_next[place]
    return w_next, v_next


@wrong("momentum_step", "momentum of 0.99 by default")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.99):
    v = w_bar if v is None else momentum * v + w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "always float64")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = np.zeros(w.shape) if v is None else v
    v = momentum * v + w_bar
    return w - learning_rate * v, v


@wrong("momentum_step", "only the weights come back")
def momentum_step(w, w_bar, v=None, learning_rate=0.1, momentum=0.9):
    v = w_bar if v is None else momentum * v + w_bar
    return w - learning_rate * v


# ------------------------------------------------------------------------------------------------- adam_step


@right("adam_step", "zeros of the weights' shape before the first step")
def adam_step(w, w_bar, state=None, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    if state is None:
        state = (np.zeros_like(w_bar), np.zeros_like(w_bar), 0)
    m, v, step = state
    step += 1
    m = beta_1 * m + (1 - beta_1) * w_bar
    v = beta_2 * v + (1 - beta_2) * np.square(w_bar)
    m_hat, v_hat = m / (1 - beta_1**step), v / (1 - beta_2**step)
    return w - learning_rate * m_hat / (v_hat**0.5 + epsilon), (m, v, step)


@right("adam_step", "the corrections in the learning rate and in epsilon, the means by their differences")
def adam_step(w, w_bar, state=None, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m, v, step = state or (0 * w_bar, 0 * w_bar, 0)
    m, v = m + (1 - beta_1) * (w_bar - m), v + (1 - beta_2) * (w_bar * w_bar - v)
    root = math.sqrt(1 - beta_2 ** (step + 1))
    rate = learning_rate * root / (1 - beta_1 ** (step + 1))
    return w - rate * m / (np.sqrt(v) + root * epsilon), (m, v, step + 1)


@right("adam_step", "entry by entry, as lists of arrays")
def adam_step(w, w_bar, state=None, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    kind = w.dtype if w.dtype.kind == "f" else float
    m, v, step = state or (np.zeros(w.shape), np.zeros(w.shape), 0)
    w_next, m_next, v_next = np.zeros((3, *w.shape), kind)
    for place in np.ndindex(w.shape):
        slope = float(w_bar[place])
        m_next[place] = beta_1 * float(m[place]) + (1 - beta_1) * slope
        v_next[place] = beta_2 * float(v[place]) + (1 - beta_2) * slope**2
        size = math.sqrt(float(v_next[place]) / (1 - beta_2 ** (step + 1))) + epsilon
        w_next[place] = w[place] - learning_rate * float(m_next[place]) / (1 - beta_1 ** (step + 1)) / size
    return [w_next, [m_next, v_next, step + 1]]


def adam(change):
    """Make an Adam of which one thing is changed: `change` gets everything, and returns w, m, v, step."""

    def adam_step(w, w_bar, state=None, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
        m, v, step = state or (np.zeros_like(w_bar), np.zeros_like(w_bar), 0)
        w, m, v, step = change(w, w_bar, m, v, step + 1, learning_rate, beta_1, beta_2, epsilon)
        return w, (m, v, step)

    return adam_step


@right("adam_step", "the corrections in the learning rate and in epsilon, as Python's numbers")
@adam
def adam_step(w, w_bar, m, v, step, learning_rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + (1 - beta_1) * w_bar, beta_2 * v + (1 - beta_2) * w_bar**2
    lack = math.sqrt(1 - beta_2**step)
    return w - learning_rate * lack / (1 - beta_1**step) * m / (np.sqrt(v) + epsilon * lack), m, v, step


@wrong("adam_step", "the correction as a root of NumPy's, which makes float64 of float32")
@adam
def adam_step(w, w_bar, m, v, step, learning_rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + (1 - beta_1) * w_bar, beta_2 * v + (1 - beta_2) * w_bar**2
    lack = np.sqrt(1 - beta_2**step)
    return w - learning_rate * lack / (1 - beta_1**step) * m / (np.sqrt(v) + epsilon * lack), m, v, step


@wrong("adam_step", "one sum of squares for all weights")
@adam
def adam_step(w, w_bar, m, v, step, learning_rate, beta_1, beta_2, epsilon):
    m, v = beta_1 * m + (1 - beta_1) * w_bar, beta_2 * v + (1 - beta_2) * np.sum(w_bar**2)
    m_hat, v_hat = m / (1 - beta_1**step), v / (1 - beta_2**step)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v, step


@wrong("adam_step", "no bias correction")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    return w - rate * m / (np.sqrt(v) + eps), m, v, k


@wrong("adam_step", "only m is corrected")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    return w - rate * m / (1 - b_1**k) / (np.sqrt(v) + eps), m, v, k


@wrong("adam_step", "only v is corrected")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    return w - rate * m / (np.sqrt(v / (1 - b_2**k)) + eps), m, v, k


@wrong("adam_step", "corrected with the number of the step before")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    with np.errstate(all="ignore"):
        m_hat, v_hat = m / np.float64(1 - b_1 ** (k - 1)), v / np.float64(1 - b_2 ** (k - 1))
        return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "corrected with the number of the next step")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1 ** (k + 1)), v / (1 - b_2 ** (k + 1))
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "always corrected as in the first step")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1), v / (1 - b_2)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "the corrected means are kept as the state")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m, v = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m / (np.sqrt(v) + eps), m, v, k


@wrong("adam_step", "epsilon inside the root")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / np.sqrt(v_hat + eps), m, v, k


@wrong("adam_step", "(1 - beta_1) missing")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "(1 - beta_2) missing")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "(1 - beta) missing twice, and no bias correction")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + g, b_2 * v + g**2
    return w - rate * m / (np.sqrt(v) + eps), m, v, k


@wrong("adam_step", "the gradient is not squared")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * np.abs(g)
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "beta_1 and beta_2 exchanged")
@adam
def adam_step(w, g, m, v, k, rate, b_2, b_1, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "no root")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / (v_hat + eps), m, v, k


@wrong("adam_step", "along the gradient, as RMSprop does")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    return w - rate * g / (np.sqrt(v / (1 - b_2**k)) + eps), m, v, k


@wrong("adam_step", "the corrections in the learning rate, and epsilon as it is")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    rate = rate * np.sqrt(1 - b_2**k) / (1 - b_1**k)
    return w - rate * m / (np.sqrt(v) + eps), m, v, k


@wrong("adam_step", "the step is not counted in the state")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k - 1


@wrong("adam_step", "uphill")
@adam
def adam_step(w, g, m, v, k, rate, b_1, b_2, eps):
    m, v = b_1 * m + (1 - b_1) * g, b_2 * v + (1 - b_2) * g**2
    m_hat, v_hat = m / (1 - b_1**k), v / (1 - b_2**k)
    return w + rate * m_hat / (np.sqrt(v_hat) + eps), m, v, k


@wrong("adam_step", "the learning rate is 0.01 by default")
def adam_step(w, w_bar, state=None, learning_rate=0.01, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m, v, step = state or (np.zeros_like(w_bar), np.zeros_like(w_bar), 0)
    m, v, step = beta_1 * m + (1 - beta_1) * w_bar, beta_2 * v + (1 - beta_2) * w_bar**2, step + 1
    m_hat, v_hat = m / (1 - beta_1**step), v / (1 - beta_2**step)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), (m, v, step)


@wrong("adam_step", "corrected with the state's number, which is 0 in the first step")
def adam_step(w, w_bar, state=None, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    m, v, step = state or (np.zeros_like(w_bar), np.zeros_like(w_bar), 0)
    m, v = beta_1 * m + (1 - beta_1) * w_bar, beta_2 * v + (1 - beta_2) * w_bar**2
    m_hat, v_hat = m / (1 - beta_1**step), v / (1 - beta_2**step)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), (m, v, step + 1)


# ------------------------------------------------------------------------------------------ learning_rate_at


@right("learning_rate_at", "one expression, with Python's own numbers")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    fall = floor + 0.5 * (peak - floor) * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))
    return peak * step / warmup if step < warmup else fall if step < steps else floor


@right("learning_rate_at", "a table of all steps, and the entry that is asked for")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    rise = np.linspace(0, peak, warmup + 1)[:-1]
    fall = floor + (peak - floor) * np.cos(np.linspace(0, np.pi / 2, steps - warmup + 1)) ** 2
    return np.concatenate([rise, fall])[min(step, steps)]


@right("learning_rate_at", "the steps that are left, clipped at none")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if warmup > 0 and step <= warmup:
        return step / warmup * peak
    left = max(0, steps - step) / (steps - warmup)
    return peak * (1 - math.cos(math.pi * left)) / 2 + floor * (1 + math.cos(math.pi * left)) / 2


def cosine(share, high, low):
    return low + (high - low) * (1 + np.cos(np.pi * share)) / 2


@wrong("learning_rate_at", "the warm-up is one step ahead")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * (step + 1) / warmup
    return cosine(min((step - warmup) / (steps - warmup), 1), peak, floor)


@wrong("learning_rate_at", "the warm-up is divided by one step too many")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / (warmup + 1)
    return cosine(min((step - warmup) / (steps - warmup), 1), peak, floor)


@wrong("learning_rate_at", "the warm-up is one step ahead, and one step too long")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return cosine(min((step - warmup) / (steps - warmup), 1), peak, floor)


@wrong("learning_rate_at", "whole divisions")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step // warmup
    return cosine(min(1, (step - warmup) // (steps - warmup)), peak, floor)


@wrong("learning_rate_at", "no warm-up")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    return cosine(min(max(step - warmup, 0) / (steps - warmup), 1), peak, floor)


@wrong("learning_rate_at", "the warm-up begins at the floor")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return floor + (peak - floor) * step / warmup
    return cosine(min((step - warmup) / (steps - warmup), 1), peak, floor)


@wrong("learning_rate_at", "the cosine is not halved")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return floor + (peak - floor) * (1 + np.cos(np.pi * min((step - warmup) / (steps - warmup), 1)))


@wrong("learning_rate_at", "a quarter of the cosine")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    share = min((step - warmup) / (steps - warmup), 1)
    return floor + (peak - floor) * np.cos(np.pi / 2 * share)


@wrong("learning_rate_at", "a straight line down")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return peak + (floor - peak) * min((step - warmup) / (steps - warmup), 1)


@wrong("learning_rate_at", "the floor is added to the whole peak")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return floor + cosine(min((step - warmup) / (steps - warmup), 1), peak, 0)


@wrong("learning_rate_at", "the larger of cosine and floor")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return max(cosine(min((step - warmup) / (steps - warmup), 1), peak, 0), floor)


@wrong("learning_rate_at", "the steps of the warm-up are in the cosine")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return cosine(min(step / steps, 1), peak, floor)


@wrong("learning_rate_at", "divided by all steps")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return cosine(min((step - warmup) / steps, 1), peak, floor)


@wrong("learning_rate_at", "the cosine ends one step too early")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return cosine(min((step - warmup) / max(steps - warmup - 1, 1), 1), peak, floor)


@wrong("learning_rate_at", "the cosine rises again after the last step")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return cosine((step - warmup) / (steps - warmup), peak, floor)


@wrong("learning_rate_at", "0 after the last step")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step > steps:
        return 0.0
    return peak * step / warmup if step < warmup else cosine((step - warmup) / (steps - warmup), peak, floor)


@wrong("learning_rate_at", "divides by the warm-up even if there is none")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    return min(peak * step / warmup, cosine(min((step - warmup) / (steps - warmup), 1), peak, floor))


@wrong("learning_rate_at", "the angle in degrees")
def learning_rate_at(step, steps, peak, warmup=0, floor=0.0):
    if step < warmup:
        return peak * step / warmup
    return floor + (peak - floor) * (1 + np.cos(180 * min((step - warmup) / (steps - warmup), 1))) / 2


# --------------------------------------------------------------------------------------------------- dropout


@right("dropout", "an if for training, factors as floats of x's type")
def dropout(x, rate=0.5, seed=None):
    if seed is not None:
        factors = (np.random.default_rng(seed).uniform(size=x.shape) >= rate).astype(x.dtype)
        return x * factors, factors
    return x * (1 - rate), 1 - rate


@right("dropout", "coins of NumPy's binomial, as a list, with the factors repeated after training")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        factors = np.full(x.shape, 1 - rate, x.dtype if x.dtype.kind == "f" else float)
    else:
        factors = np.random.default_rng(seed).binomial(1, 1 - rate, size=x.shape).astype(x.dtype)
    return [factors * x, factors]


@right("dropout", "the older generator, with np.where")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return (1 - rate) * x, np.array(1 - rate)
    kept = np.random.RandomState(seed).rand(*x.shape) < 1 - rate
    return np.where(kept, x, 0), kept


@wrong("dropout", "not scaled after training")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x, 1.0
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "scaled twice: while training and afterwards")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    factors = (np.random.default_rng(seed).random(x.shape) >= rate) * (1 - rate)
    return x * factors, factors


@wrong("dropout", "the other convention: divided while training")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x, 1.0
    factors = (np.random.default_rng(seed).random(x.shape) >= rate) / (1 - rate)
    return x * factors, factors


@wrong("dropout", "divided while training, and scaled afterwards, too")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    factors = (np.random.default_rng(seed).random(x.shape) >= rate) / (1 - rate)
    return x * factors, factors


@wrong("dropout", "scaled twice afterwards")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate) * (1 - rate), (1 - rate) ** 2
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "multiplied by the rate afterwards")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * rate, rate
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "dropout at test time, too")
def dropout(x, rate=0.5, seed=None):
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "the rate is what is kept")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(seed).random(x.shape) < rate
    return x * kept, kept


@wrong("dropout", "the rate is what is kept, but for 0")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(seed).random(x.shape) < (rate or 1)
    return x * kept, kept


@wrong("dropout", "one mask for the whole batch")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(seed).random(x.shape[1:] or x.shape) >= rate
    return x * kept, np.broadcast_to(kept, x.shape)


@wrong("dropout", "whole examples are dropped")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(seed).random((len(x), *[1] * (x.ndim - 1))) >= rate
    return x * kept, np.broadcast_to(kept, x.shape)


@wrong("dropout", "a fixed number of entries is dropped")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.arange(x.size) >= round(rate * x.size)
    kept = np.random.default_rng(seed).permutation(kept).reshape(x.shape)
    return x * kept, kept


@wrong("dropout", "the seed is not used")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng().random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "the seed is always 0")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(0).random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "seed 0 counts as none")
def dropout(x, rate=0.5, seed=None):
    if not seed:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(seed).random(x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "the mask of normal numbers")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    kept = np.random.default_rng(seed).normal(size=x.shape) >= rate
    return x * kept, kept


@wrong("dropout", "the factors say what was dropped")
def dropout(x, rate=0.5, seed=None):
    if seed is None:
        return x * (1 - rate), 1 - rate
    dropped = np.random.default_rng(seed).random(x.shape) < rate
    return np.where(dropped, 0, x), dropped


@wrong("dropout", "always float64")
def dropout(x, rate=0.5, seed=None):
    factors = np.full(x.shape, 1 - rate)
    if seed is not None:
        factors = np.where(np.random.default_rng(seed).random(x.shape) >= rate, 1.0, 0.0)
    return x * factors, factors


# ------------------------------------------------------------------------------------------ dropout_backward


@right("dropout_backward", "chosen with np.where, if there is a choice")
def dropout_backward(y_bar, factors):
    if np.ndim(factors) == 0:
        return factors * y_bar
    return np.where(factors, y_bar, 0) * factors.astype(y_bar.dtype)


@right("dropout_backward", "entry by entry")
def dropout_backward(y_bar, factors):
    x_bar, factors = np.zeros_like(y_bar), np.broadcast_to(factors, y_bar.shape)
    for place in np.ndindex(y_bar.shape):
        x_bar[place] = y_bar[place] * float(factors[place])
    return x_bar


@wrong("dropout_backward", "everything is passed on")
def dropout_backward(y_bar, factors):
    return y_bar


@wrong("dropout_backward", "divided by the share that was kept")
def dropout_backward(y_bar, factors):
    return y_bar * factors / np.mean(factors)


@wrong("dropout_backward", "scaled once more by the share that was kept")
def dropout_backward(y_bar, factors):
    return y_bar * factors * np.mean(factors)


@wrong("dropout_backward", "passed on where it was dropped")
def dropout_backward(y_bar, factors):
    return y_bar * (1 - np.asarray(factors, dtype=float))


@wrong("dropout_backward", "a mask of its own")
def dropout_backward(y_bar, factors):
    return y_bar * (np.random.default_rng(0).random(y_bar.shape) < np.mean(factors))


@wrong("dropout_backward", "divided by the factors")
def dropout_backward(y_bar, factors):
    return y_bar / factors


@wrong("dropout_backward", "the entries that were kept, without their places")
def dropout_backward(y_bar, factors):
    return y_bar[np.asarray(factors) == 1] if np.ndim(factors) else y_bar * factors


@wrong("dropout_backward", "multiplied by the factors twice")
def dropout_backward(y_bar, factors):
    return y_bar * factors * factors


@wrong("dropout_backward", "the factors came")
def dropout_backward(y_bar, factors):
    return np.broadcast_to(np.asarray(factors, dtype=float), y_bar.shape)


@wrong("dropout_backward", "after training, too, the gradient passes whole")
def dropout_backward(y_bar, factors):
    return y_bar * (np.asarray(factors) > 0)


@wrong("dropout_backward", "divided by the factors where there are any")
def dropout_backward(y_bar, factors):
    factors = np.broadcast_to(np.asarray(factors, dtype=float), y_bar.shape)
    return np.where(factors > 0, y_bar / np.maximum(factors, 1e-9), 0)


@wrong("dropout_backward", "always float64")
def dropout_backward(y_bar, factors):
    return y_bar * np.asarray(factors, dtype=float)


# ------------------------------------------------------------------------------------------------ batch_norm


@right("batch_norm", "step by step, with its own mean and variance")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    n = x.shape[0]
    centred = x - x.sum(axis=0) / n
    variance = (centred**2).sum(axis=0) / n
    return gamma * centred / np.sqrt(variance + epsilon) + beta


@right("batch_norm", "feature by feature, with Python's statistics")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    y = np.zeros(x.shape, x.dtype if x.dtype.kind == "f" else float)
    for k, column in enumerate(x.T.astype(float).tolist()):
        scale = float(gamma[k]) * (statistics.pvariance(column) + epsilon) ** -0.5
        y[:, k] = [scale * (value - statistics.fmean(column)) + float(beta[k]) for value in column]
    return y


@right("batch_norm", "the columns as rows of the transposed array")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    rows = x.T - np.mean(x.T, axis=1, keepdims=True)
    rows = rows * gamma[:, None] / np.sqrt(np.mean(rows * rows, axis=1, keepdims=True) + epsilon)
    return rows.T + beta


@wrong("batch_norm", "the unbiased variance")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    if len(x) == 1:
        return beta + 0 * x
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + epsilon) + beta


@wrong("batch_norm", "over the features of each example")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@wrong("batch_norm", "over the whole array")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + epsilon) + beta


@wrong("batch_norm", "epsilon outside the root")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean(axis=0)) / (np.sqrt(x.var(axis=0)) + epsilon) + beta


@wrong("batch_norm", "no epsilon")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    with np.errstate(all="ignore"):
        return gamma * (x - x.mean(axis=0)) / x.std(axis=0) + beta


@wrong("batch_norm", "divided by the variance")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean(axis=0)) / (x.var(axis=0) + epsilon) + beta


@wrong("batch_norm", "the mean stays")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return gamma * x / np.sqrt(x.var(axis=0) + epsilon) + beta


@wrong("batch_norm", "gamma and beta forgotten")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)


@wrong("batch_norm", "gamma forgotten")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta


@wrong("batch_norm", "gamma and beta exchanged")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return beta * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + gamma


@wrong("batch_norm", "gamma multiplies beta, too")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    return gamma * ((x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta)


@wrong("batch_norm", "epsilon is 1e-3 by default")
def batch_norm(x, gamma, beta, epsilon=1e-3):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta


@wrong("batch_norm", "the mean of the squares less the square of the mean")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    mean = x.mean(axis=0)
    variance = np.maximum((x**2).mean(axis=0) - mean**2, 0)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


@wrong("batch_norm", "entry by entry into an array like x, which stays whole")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    y = np.empty_like(x)
    for k in range(x.shape[1]):
        mean, variance = x[:, k].mean(), x[:, k].var()
        for i in range(len(x)):
            y[i, k] = gamma[k] * (x[i, k] - mean) / np.sqrt(variance + epsilon) + beta[k]
    return y


@wrong("batch_norm", "NaN for a constant feature")
def batch_norm(x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0) + epsilon)
    return gamma * (x - x.mean(axis=0)) / np.where(x.std(axis=0) > 0, spread, np.nan) + beta


# --------------------------------------------------------------------------------------- batch_norm_backward


@right("batch_norm_backward", "node by node, back through mean and variance")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    n, mean = len(x), x.mean(axis=0)
    centred = x - mean
    variance = (centred**2).mean(axis=0)
    inverse = 1 / np.sqrt(variance + epsilon)
    back = y_bar * gamma
    inverse_bar = (back * centred).sum(axis=0)
    variance_bar = inverse_bar * -0.5 * inverse**3
    centred_bar = back * inverse + variance_bar * 2 * centred / n
    x_bar = centred_bar - centred_bar.sum(axis=0) / n
    return x_bar, (y_bar * centred * inverse).sum(axis=0), y_bar.sum(axis=0)


@right("batch_norm_backward", "by the Jacobian of each feature")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    n, x_bar, gamma_bar = len(x), np.zeros_like(x), np.zeros_like(gamma)
    for k in range(x.shape[1]):
        spread = np.sqrt(x[:, k].var() + epsilon)
        x_hat = (x[:, k] - x[:, k].mean()) / spread
        jacobian = gamma[k] / spread * (np.eye(n) - 1 / n - np.outer(x_hat, x_hat) / n)
        x_bar[:, k], gamma_bar[k] = jacobian.T @ y_bar[:, k], y_bar[:, k] @ x_hat
    return [x_bar, gamma_bar, np.add.reduce(y_bar)]


@right("batch_norm_backward", "projections: what is parallel to the ones and to x_hat is taken away")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = (np.var(x, axis=0) + epsilon) ** 0.5
    x_hat = (x - np.mean(x, axis=0)) / spread
    gamma_bar, beta_bar = np.einsum("nf,nf->f", y_bar, x_hat), np.einsum("nf->f", y_bar)
    return gamma / spread * (y_bar - (beta_bar + x_hat * gamma_bar) / len(x)), gamma_bar, beta_bar


def back(change):
    """Make a batch_norm_backward of which x_bar is changed: `change` gets y_bar, x_hat, the spread, gamma."""

    def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
        spread = np.sqrt(x.var(axis=0) + epsilon)
        x_hat = (x - x.mean(axis=0)) / spread
        return change(y_bar, x_hat, spread, gamma), (y_bar * x_hat).sum(axis=0), y_bar.sum(axis=0)

    return batch_norm_backward


@wrong("batch_norm_backward", "mean and variance as constants")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return gamma * y_bar / spread


@wrong("batch_norm_backward", "the variance as a constant")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return gamma * (y_bar - y_bar.mean(axis=0)) / spread


@wrong("batch_norm_backward", "the mean as a constant")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return gamma * (y_bar - x_hat * (y_bar * x_hat).mean(axis=0)) / spread


@wrong("batch_norm_backward", "gamma forgotten")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread


@wrong("batch_norm_backward", "sums in place of means")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return gamma * (y_bar - y_bar.sum(axis=0) - x_hat * (y_bar * x_hat).sum(axis=0)) / spread


@wrong("batch_norm_backward", "the corrections are added")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return gamma * (y_bar + y_bar.mean(axis=0) + x_hat * (y_bar * x_hat).mean(axis=0)) / spread


@wrong("batch_norm_backward", "not divided by the spread")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    return gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0))


@wrong("batch_norm_backward", "means over the features")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    x_hat_bar = gamma * y_bar
    shares = (x_hat_bar * x_hat).mean(axis=1, keepdims=True)
    return (x_hat_bar - x_hat_bar.mean(axis=1, keepdims=True) - x_hat * shares) / spread


@wrong("batch_norm_backward", "everything of the unbiased variance")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0, ddof=1) + epsilon)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, (y_bar * x_hat).sum(axis=0), y_bar.sum(axis=0)


@wrong("batch_norm_backward", "gamma_bar and beta_bar as means")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, (y_bar * x_hat).mean(axis=0), y_bar.mean(axis=0)


@wrong("batch_norm_backward", "gamma_bar with x as it came")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, (y_bar * x).sum(axis=0), y_bar.sum(axis=0)


@wrong("batch_norm_backward", "gamma_bar with the output")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, (y_bar * (gamma * x_hat + beta)).sum(axis=0), y_bar.sum(axis=0)


@wrong("batch_norm_backward", "a product of means")
@back
def batch_norm_backward(y_bar, x_hat, spread, gamma):
    bar = gamma * y_bar
    return (bar - bar.mean(axis=0) - x_hat * bar.mean(axis=0) * x_hat.mean(axis=0)) / spread


@wrong("batch_norm_backward", "beta_bar times gamma")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, (y_bar * x_hat).sum(axis=0), gamma * y_bar.sum(axis=0)


@wrong("batch_norm_backward", "no epsilon on the way back")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = x.std(axis=0)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, (y_bar * x_hat).sum(axis=0), y_bar.sum(axis=0)


@wrong("batch_norm_backward", "gamma_bar and beta_bar exchanged")
def batch_norm_backward(y_bar, x, gamma, beta, epsilon=1e-5):
    spread = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / spread
    x_bar = gamma * (y_bar - y_bar.mean(axis=0) - x_hat * (y_bar * x_hat).mean(axis=0)) / spread
    return x_bar, y_bar.sum(axis=0), (y_bar * x_hat).sum(axis=0)


# -------------------------------------------------------------------------------------------- early_stopping


@right("early_stopping", "a counter that is set back")
def early_stopping(losses, patience, min_change=0.0):
    lowest, best, waited = float("inf"), 0, 0
    for epoch in range(1, len(losses) + 1):
        if lowest - losses[epoch - 1] > min_change:
            lowest, best, waited = losses[epoch - 1], epoch, 0
        else:
            waited += 1
        if waited >= patience:
            return epoch, best
    return len(losses), best


@right("early_stopping", "from the best epoch to the next better one, as a list")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    while True:
        window = losses[best : best + patience]
        better = [k for k, loss in enumerate(window) if loss < lowest - min_change]
        if not better:
            return [best + len(window), best]
        best += better[0] + 1
        lowest = losses[best - 1]


@right("early_stopping", "all better epochs first, then the first long gap")
def early_stopping(losses, patience, min_change=0.0):
    def later(found, k):
        lowest = losses[found[-1] - 1] if found[-1] else math.inf
        return [*found, k] if losses[k - 1] < lowest - min_change else found

    records = functools.reduce(later, range(1, len(losses) + 1), [0])
    gaps = zip(records, [*records[1:], math.inf], strict=True)
    best = next(k for k, following in gaps if following - k > patience or following == math.inf)
    return min(best + patience, len(losses)), best


@wrong("early_stopping", "the patience is one epoch too long")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best > patience:
            break
    return epoch, best


@wrong("early_stopping", "the patience is one epoch too short")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best >= patience - 1:
            break
    return epoch, best


@wrong("early_stopping", "epochs are counted from 0")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = -1, math.inf
    for epoch, loss in enumerate(losses):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "a tie overwrites the best epoch")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss <= lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "NaN counts as better")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if not loss >= lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "the first epoch is taken as the best one, NaN or not")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 1, losses[0]
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "min_change is not used")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "min_change with the wrong sign")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest + min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "compared with the epoch before")
def early_stopping(losses, patience, min_change=0.0):
    best, before = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < before - min_change:
            best = epoch
        before = loss
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "the lowest loss creeps down below changes that do not count")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best = epoch
        lowest = loss if loss < lowest else lowest
        if epoch - best == patience:
            break
    return epoch, best


@wrong("early_stopping", "the patience is used up, never set back")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        else:
            waited += 1
        if waited == patience:
            break
    return epoch, best


@wrong("early_stopping", "the lowest loss of all, also after the stop")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, int(np.nanargmin(np.where(np.isnan(losses), math.inf, losses))) + 1


@wrong("early_stopping", "the lowest loss of all, and the patience after it")
def early_stopping(losses, patience, min_change=0.0):
    best = int(np.argmin(np.where(np.isnan(losses), math.inf, losses))) + 1
    return min(best + patience, len(losses)), best


@wrong("early_stopping", "never stops")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
    return len(losses), best


@wrong("early_stopping", "the loss in place of the epoch")
def early_stopping(losses, patience, min_change=0.0):
    best, lowest = 0, math.inf
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest - min_change:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return epoch, lowest


# ---------------------------------------------------------------------------------------------- clip_by_norm


@right("clip_by_norm", "all entries in one vector")
def clip_by_norm(gradients, limit):
    norm = np.linalg.norm(np.concatenate([np.ravel(gradient) for gradient in gradients]))
    if norm > limit:
        return [gradient * (limit / float(norm)) for gradient in gradients]
    return gradients


@right("clip_by_norm", "the norm of the norms, as a tuple")
def clip_by_norm(gradients, limit):
    norm = math.hypot(*(float(np.linalg.norm(gradient)) for gradient in gradients))
    return tuple(gradient * min(1.0, limit / max(norm, limit)) for gradient in gradients)


@right("clip_by_norm", "as PyTorch does it, which adds 1e-6 to the norm")
def clip_by_norm(gradients, limit):
    norm = sum(float((gradient.astype(float) ** 2).sum()) for gradient in gradients) ** 0.5
    return [gradient * min(1.0, limit / (norm + 1e-6)) for gradient in gradients]


@wrong("clip_by_norm", "each array on its own")
def clip_by_norm(gradients, limit):
    norms = [max(float(np.linalg.norm(gradient)), 1e-12) for gradient in gradients]
    return [gradient * min(1.0, limit / norm) for gradient, norm in zip(gradients, norms, strict=True)]


@wrong("clip_by_norm", "each array brought to the limit")
def clip_by_norm(gradients, limit):
    norms = [max(float(np.linalg.norm(gradient)), 1e-12) for gradient in gradients]
    return [gradient * (limit / norm) for gradient, norm in zip(gradients, norms, strict=True)]


@wrong("clip_by_norm", "clipped when below, too")
def clip_by_norm(gradients, limit):
    norm = max(float(np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))), 1e-12)
    return [gradient * (limit / norm) for gradient in gradients]


@wrong("clip_by_norm", "clipped only when below")
def clip_by_norm(gradients, limit):
    norm = max(float(np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))), 1e-12)
    return [gradient * (limit / norm) if norm < limit else gradient for gradient in gradients]


@wrong("clip_by_norm", "entry by entry")
def clip_by_norm(gradients, limit):
    return [np.clip(gradient, -limit, limit) for gradient in gradients]


@wrong("clip_by_norm", "the norms are added")
def clip_by_norm(gradients, limit):
    norm = sum(float(np.linalg.norm(gradient)) for gradient in gradients)
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "no root")
def clip_by_norm(gradients, limit):
    norm = sum(float(np.sum(gradient**2)) for gradient in gradients)
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "the squares of the sums")
def clip_by_norm(gradients, limit):
    norm = math.hypot(*(float(np.sum(gradient)) for gradient in gradients))
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "the root of a Python number, which makes float64 of float32")
def clip_by_norm(gradients, limit):
    norm = np.sqrt(sum(float(np.sum(gradient.astype(float) ** 2)) for gradient in gradients))
    return [gradient * (limit / norm) for gradient in gradients] if norm > limit else gradients


@wrong("clip_by_norm", "the mean of the squares")
def clip_by_norm(gradients, limit):
    entries = np.concatenate([gradient.ravel() for gradient in gradients])
    norm = float(np.sqrt(np.mean(entries**2)))
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "the sizes are added")
def clip_by_norm(gradients, limit):
    norm = sum(float(np.abs(gradient).sum()) for gradient in gradients)
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "the largest norm of one array")
def clip_by_norm(gradients, limit):
    norm = max(float(np.linalg.norm(gradient)) for gradient in gradients)
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "only the first array")
def clip_by_norm(gradients, limit):
    norm = float(np.linalg.norm(gradients[0]))
    return [gradient * min(1.0, limit / max(norm, 1e-12)) for gradient in gradients]


@wrong("clip_by_norm", "the limit is forgotten")
def clip_by_norm(gradients, limit):
    norm = float(np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)))
    return [gradient / norm if norm > limit else gradient for gradient in gradients]


@wrong("clip_by_norm", "zeros become NaN")
def clip_by_norm(gradients, limit):
    norm = float(np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)))
    with np.errstate(all="ignore"):
        return [gradient * np.minimum(1.0, limit * (gradient / norm) / gradient) for gradient in gradients]


@wrong("clip_by_norm", "changed in place")
def clip_by_norm(gradients, limit):
    norm = float(np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)))
    for gradient in gradients:
        gradient *= min(1.0, limit / max(norm, 1e-12))
    return gradients


@wrong("clip_by_norm", "always float64")
def clip_by_norm(gradients, limit):
    norm = np.sqrt(sum(np.sum(gradient.astype(float) ** 2) for gradient in gradients))
    return [gradient * np.float64(limit / norm) if norm > limit else gradient for gradient in gradients]


@wrong("clip_by_norm", "one array, not a list")
def clip_by_norm(gradients, limit):
    entries = np.concatenate([np.ravel(gradient) for gradient in gradients])
    return entries * min(1.0, limit / max(float(np.linalg.norm(entries)), 1e-12))
