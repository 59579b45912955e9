"""The tasks of lab 07, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import (
    conv_forward,
    conv_gradients,
    conv_groups,
    conv_kernel_gradients,
    conv_training,
    pool_gradients,
    pooling,
    windows,
)

LAB = Lab(
    "07_cnn_backprop",
    tasks=(
        Task(
            "windows",
            ("x", "kernel"),
            4,
            (
                windows.takes_every_window,
                windows.moves_by_the_stride,
                windows.pads_both_sides_with_zeros,
                windows.windows_keep_the_type,
            ),
        ),
        Task(
            "windows_backward",
            ("y_bar", "x", "kernel"),
            5,
            (
                windows.puts_each_window_back,
                windows.adds_where_windows_overlap,
                windows.leaves_zero_what_no_window_took,
                windows.cuts_the_padding_off,
                windows.sums_have_the_type_of_y_bar,
            ),
        ),
        Task(
            "conv2d",
            ("x", "W", "b"),
            4,
            (
                conv_forward.weighs_each_window,
                conv_forward.sums_over_the_input_channels,
                conv_forward.strides_and_pads,
                conv_forward.outputs_keep_float32,
            ),
        ),
        Task(
            "kernel_gradients",
            ("y_bar", "x", "W"),
            5,
            (
                conv_kernel_gradients.gives_the_gradient_of_the_biases,
                conv_kernel_gradients.gives_the_gradient_of_one_kernel,
                conv_kernel_gradients.adds_over_batch_and_places,
                conv_kernel_gradients.kernels_follow_stride_and_padding,
                conv_kernel_gradients.kernel_gradients_keep_float32,
            ),
        ),
        Task(
            "input_gradient",
            ("y_bar", "x", "W"),
            5,
            (
                conv_gradients.adds_what_comes_from_every_window,
                conv_gradients.adds_over_the_output_channels,
                conv_gradients.goes_back_by_the_stride,
                conv_gradients.gives_nothing_to_the_padding,
                conv_gradients.input_gradients_keep_float32,
            ),
        ),
        Task(
            "grouped_conv2d",
            ("x", "W", "b"),
            4,
            (
                conv_groups.is_one_layer_for_one_group,
                conv_groups.each_group_sees_its_channels,
                conv_groups.takes_as_many_groups_as_channels,
                conv_groups.groups_stride_and_pad,
            ),
        ),
        Task(
            "pool2d",
            ("x", "kernel"),
            4,
            (
                pooling.takes_the_largest,
                pooling.takes_the_mean,
                pooling.pools_by_the_stride,
                pooling.pools_keep_the_type,
            ),
        ),
        Task(
            "max_pool2d_backward",
            ("y_bar", "x", "kernel"),
            5,
            (
                pool_gradients.goes_to_the_largest,
                pool_gradients.adds_where_a_largest_is_shared,
                pool_gradients.gives_a_tie_to_the_first,
                pool_gradients.leaves_the_border_out,
                pool_gradients.maxima_keep_the_type,
            ),
        ),
        Task(
            "avg_pool2d_backward",
            ("y_bar", "x", "kernel"),
            3,
            (
                pool_gradients.shares_out_evenly,
                pool_gradients.adds_the_shares,
                pool_gradients.shares_leave_the_border_out,
            ),
        ),
        Task(
            "train_step",
            ("x", "t", "weights"),
            5,
            (
                conv_training.moves_the_dense_layer,
                conv_training.moves_the_kernels,
                conv_training.steps_have_their_default,
                conv_training.learns_to_read,
            ),
            seconds=30,
        ),
    ),
    forbidden=(
        "torch",
        "scipy",
        "sklearn",
        "skimage",
        "course_utils.reference",
        "course_utils.autograd",
        "course_utils.checks",
        "course_utils.shapes",
    ),
)
