"""The tasks of lab 05, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import (
    separable,
    separable_sums,
    signals,
    sliding,
    spectra,
    window_columns,
)

LAB = Lab(
    "05_convolution",
    tasks=(
        Task(
            "scaled_copies",
            ("a", "b"),
            4,
            (
                signals.moves_each_copy,
                signals.scales_each_copy,
                signals.makes_a_copy_for_each_entry,
                signals.copies_keep_float32,
            ),
        ),
        Task(
            "filter_products",
            ("a", "b"),
            4,
            (
                signals.flips_the_filter,
                signals.goes_beyond_both_ends,
                signals.has_no_place_for_a_longer_filter,
                signals.products_keep_float32,
            ),
        ),
        Task(
            "toeplitz",
            ("a", "length"),
            3,
            (
                signals.is_banded,
                signals.has_the_shape_of_the_task,
                signals.matrix_keeps_float32,
            ),
        ),
        Task(
            "correlate2d",
            ("x", "W"),
            4,
            (
                sliding.counts_in_a_binary_image,
                sliding.lays_the_kernel_as_it_is,
                sliding.correlates_what_is_not_square,
                sliding.takes_photographs,
            ),
        ),
        Task(
            "convolve2d",
            ("x", "W"),
            4,
            (
                sliding.flips_both_axes,
                sliding.pads_all_four_sides,
                sliding.keeps_the_size,
                sliding.convolutions_keep_float32,
            ),
        ),
        Task(
            "im2col",
            ("x", "height", "width"),
            4,
            (
                window_columns.lists_the_windows,
                window_columns.puts_channels_one_after_another,
                window_columns.takes_windows_that_are_not_square,
                window_columns.columns_keep_the_dtype,
            ),
        ),
        Task(
            "convolve_fft",
            ("a", "b"),
            4,
            (
                spectra.does_not_wrap_round,
                spectra.transforms_both_axes,
                spectra.gives_real_numbers,
                spectra.stands_large_kernels,
            ),
        ),
        Task(
            "separate",
            ("kernel",),
            4,
            (
                separable.multiplies_to_the_kernel,
                separable.stands_zeros,
                separable.refuses_what_is_no_product,
                separable.refuses_at_any_scale,
            ),
        ),
        Task(
            "separable_terms",
            ("kernel", "error"),
            4,
            (
                separable_sums.finds_the_terms_of_a_sum,
                separable_sums.stays_within_the_error,
                separable_sums.takes_as_few_as_possible,
                separable_sums.takes_both_orientations,
            ),
        ),
    ),
    forbidden=(
        "torch",
        "scipy",
        "sklearn",
        "skimage",
        "course_utils.reference",
        "course_utils.autograd",
        "course_utils.shapes",
        "course_utils.checks",
    ),
)
