"""The tasks of lab 06, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import (
    adaptive_windows,
    alexnet,
    conv_counts,
    geometry,
    network_tables,
    pool_counts,
    receptive,
    sharing,
)

LAB = Lab(
    "06_cnn_layers",
    tasks=(
        Task(
            "output_size",
            ("size", "kernel"),
            5,
            (
                geometry.counts_places,
                geometry.takes_steps,
                geometry.spreads_the_kernel,
                geometry.gives_an_int,
                geometry.refuses_what_does_not_fit,
            ),
        ),
        Task(
            "same_padding",
            ("kernel",),
            3,
            (
                geometry.splits_evenly,
                geometry.puts_the_extra_zero_at_the_end,
                geometry.pads_for_the_dilation,
            ),
        ),
        Task(
            "receptive_field",
            ("layers",),
            4,
            (
                receptive.grows_with_depth,
                receptive.looks_farther_after_strides,
                receptive.multiplies_the_strides,
                receptive.sees_through_spread_kernels,
            ),
        ),
        Task(
            "adaptive_windows",
            ("size", "outputs"),
            4,
            (
                adaptive_windows.cuts_evenly,
                adaptive_windows.overlaps_where_it_must,
                adaptive_windows.repeats_entries,
                adaptive_windows.rounds_at_the_end_only,
            ),
        ),
        Task(
            "count_weights",
            ("kind", "in_shape", "out_shape", "kernel"),
            5,
            (
                sharing.counts_all_pairs,
                sharing.counts_a_filter_for_each_unit,
                sharing.counts_the_filters_of_one_tile,
                sharing.counts_one_filter_for_each_channel,
                sharing.counts_the_decks_examples,
            ),
        ),
        Task(
            "count_conv",
            ("in_shape", "out_channels", "kernel"),
            5,
            (
                conv_counts.gives_shape_and_units,
                conv_counts.moves_and_pads_by_pairs,
                conv_counts.counts_weights_and_biases,
                conv_counts.counts_connections,
                conv_counts.reads_one_group,
            ),
        ),
        Task(
            "count_pool",
            ("in_shape", "kernel"),
            3,
            (
                pool_counts.steps_by_the_window,
                pool_counts.steps_by_the_stride,
                pool_counts.counts_what_windows_read,
            ),
        ),
        Task(
            "count_network",
            ("layers", "in_shape"),
            5,
            (
                network_tables.gives_lenets_table,
                network_tables.feeds_maps_to_the_next_layer,
                network_tables.flattens_maps_for_dense_layers,
                network_tables.passes_options_on,
                network_tables.takes_any_list,
            ),
        ),
        Task(
            "alexnet_layers",
            (),
            5,
            (
                alexnet.lists_all_layers,
                alexnet.gives_the_first_convolution,
                alexnet.pools_with_overlap,
                alexnet.gives_the_other_convolutions,
                alexnet.gives_the_dense_layers,
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
