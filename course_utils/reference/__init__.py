"""The course's networks in NumPy, forward and backward, written to be read."""

from course_utils.reference.activations import hard_threshold, identity, logistic, relu, softplus, tanh
from course_utils.reference.dense import dense, dense_backward
from course_utils.reference.derivatives import (
    hard_threshold_derivative,
    identity_derivative,
    logistic_derivative,
    relu_derivative,
    softplus_derivative,
    tanh_derivative,
)
from course_utils.reference.gradient_descent import LOSSES, TrainingRun, gradient_step, train_mlp
from course_utils.reference.losses import (
    logistic_cross_entropy,
    logistic_cross_entropy_backward,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    squared_error,
    squared_error_backward,
)
from course_utils.reference.mlp import Layer, hidden_activations, initialise_layers, mlp, mlp_backward
from course_utils.reference.named_activations import (
    ACTIVATIONS,
    Activation,
    activate,
    activate_backward,
    activation,
)

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "Activation",
    "Layer",
    "TrainingRun",
    "activate",
    "activate_backward",
    "activation",
    "dense",
    "dense_backward",
    "gradient_step",
    "hard_threshold",
    "hard_threshold_derivative",
    "hidden_activations",
    "identity",
    "identity_derivative",
    "initialise_layers",
    "logistic",
    "logistic_cross_entropy",
    "logistic_cross_entropy_backward",
    "logistic_derivative",
    "mlp",
    "mlp_backward",
    "relu",
    "relu_derivative",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "softplus",
    "softplus_derivative",
    "squared_error",
    "squared_error_backward",
    "tanh",
    "tanh_derivative",
    "train_mlp",
]
