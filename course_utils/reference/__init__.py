"""The course's networks in NumPy, forward and backward, written to be read."""

from course_utils.reference.activations import hard_threshold, identity, logistic, relu, softplus, tanh
from course_utils.reference.adaptive_pooling import (
    adaptive_avg_pool2d,
    adaptive_avg_pool2d_backward,
    adaptive_max_pool2d,
    adaptive_max_pool2d_backward,
)
from course_utils.reference.conv_layers import (
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv3d,
    conv3d_backward,
)
from course_utils.reference.convolution import (
    convolve,
    convolve_by_fft,
    convolve_by_im2col,
    correlate,
    flip_and_filter,
    im2col,
    translate_and_scale,
)
from course_utils.reference.dense import dense, dense_backward
from course_utils.reference.derivatives import (
    hard_threshold_derivative,
    identity_derivative,
    logistic_derivative,
    relu_derivative,
    softplus_derivative,
    tanh_derivative,
)
from course_utils.reference.dropout import dropout, dropout_backward, dropout_mask
from course_utils.reference.gabor import gabor_bank, gabor_filter
from course_utils.reference.gabor_fits import GaborFit, fit_gabor
from course_utils.reference.gradient_descent import LOSSES, TrainingRun, gradient_step, train_mlp
from course_utils.reference.initialisation import initial_weights
from course_utils.reference.losses import (
    logistic_cross_entropy,
    logistic_cross_entropy_backward,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_backward,
    squared_error,
    squared_error_backward,
)
from course_utils.reference.maxout import maxout, maxout_backward
from course_utils.reference.mlp import Layer, hidden_activations, initialise_layers, mlp, mlp_backward
from course_utils.reference.named_activations import (
    ACTIVATIONS,
    Activation,
    activate,
    activate_backward,
    activation,
)
from course_utils.reference.normalisation import (
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    running_statistics,
)
from course_utils.reference.optimizer_states import AdamState, MomentumState, RMSpropState
from course_utils.reference.optimizers import (
    adam_step,
    adamw_step,
    momentum_step,
    rmsprop_step,
    sgd_step,
)
from course_utils.reference.pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    l2_pool2d,
    l2_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from course_utils.reference.saturation import LayerGradients, layer_gradients
from course_utils.reference.separable import convolve_separable, separable_terms
from course_utils.reference.surfaces import Surface, follow, ravine, rosenbrock, saddle
from course_utils.reference.toeplitz import (
    block_toeplitz_matrix,
    conv2d_matrix,
    convolve_by_matrix,
    toeplitz_matrix,
)
from course_utils.reference.transposed import conv_transpose2d, conv_transpose2d_backward
from course_utils.reference.unshared import (
    locally_connected2d,
    locally_connected2d_backward,
    tiled_conv2d,
    tiled_conv2d_backward,
)

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "Activation",
    "AdamState",
    "GaborFit",
    "Layer",
    "LayerGradients",
    "MomentumState",
    "RMSpropState",
    "Surface",
    "TrainingRun",
    "activate",
    "activate_backward",
    "activation",
    "adam_step",
    "adamw_step",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool2d_backward",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_inference",
    "block_toeplitz_matrix",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv2d_matrix",
    "conv3d",
    "conv3d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "convolve",
    "convolve_by_fft",
    "convolve_by_im2col",
    "convolve_by_matrix",
    "convolve_separable",
    "correlate",
    "dense",
    "dense_backward",
    "dropout",
    "dropout_backward",
    "dropout_mask",
    "fit_gabor",
    "flip_and_filter",
    "follow",
    "gabor_bank",
    "gabor_filter",
    "gradient_step",
    "hard_threshold",
    "hard_threshold_derivative",
    "hidden_activations",
    "identity",
    "identity_derivative",
    "im2col",
    "initial_weights",
    "initialise_layers",
    "l2_pool2d",
    "l2_pool2d_backward",
    "layer_gradients",
    "locally_connected2d",
    "locally_connected2d_backward",
    "logistic",
    "logistic_cross_entropy",
    "logistic_cross_entropy_backward",
    "logistic_derivative",
    "max_pool2d",
    "max_pool2d_backward",
    "maxout",
    "maxout_backward",
    "mlp",
    "mlp_backward",
    "momentum_step",
    "ravine",
    "relu",
    "relu_derivative",
    "rmsprop_step",
    "rosenbrock",
    "running_statistics",
    "saddle",
    "separable_terms",
    "sgd_step",
    "softmax",
    "softmax_cross_entropy",
    "softmax_cross_entropy_backward",
    "softplus",
    "softplus_derivative",
    "squared_error",
    "squared_error_backward",
    "tanh",
    "tanh_derivative",
    "tiled_conv2d",
    "tiled_conv2d_backward",
    "toeplitz_matrix",
    "train_mlp",
    "translate_and_scale",
]
