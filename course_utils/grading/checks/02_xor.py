"""The tasks of lab 02, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import bits, composition, merging, ramps, steps

LAB = Lab(
    "02_xor",
    tasks=(
        Task(
            "collapse",
            ("layers",),
            3,
            (
                merging.multiplies_the_weights,
                merging.carries_the_biases,
                merging.keeps_what_bends,
                merging.takes_any_number_of_layers,
            ),
        ),
        Task(
            "threshold_network",
            ("x", "W_1", "b_1", "w_2"),
            3,
            (
                composition.adds_up_the_units_that_are_on,
                composition.adds_the_output_bias,
                composition.is_off_on_the_line,
            ),
        ),
        Task("equality_weights", (), 3, (bits.answers_equality, bits.bears_noise, bits.is_compact)),
        Task("detector", ("pattern",), 2, (bits.is_on_for_its_pattern, bits.is_off_for_all_others)),
        Task(
            "truth_table_network",
            ("x", "t"),
            4,
            (
                bits.computes_boolean_tables,
                bits.computes_tables_of_numbers,
                bits.takes_rows_in_any_order,
                bits.uses_a_unit_for_each_row,
            ),
        ),
        Task(
            "parity_network",
            ("bits",),
            3,
            (bits.computes_parity, bits.computes_parity_of_more_bits, bits.needs_a_unit_a_bit),
        ),
        Task(
            "steepness_for",
            ("error",),
            3,
            (steps.finds_the_steepness, steps.takes_the_margin, steps.has_a_margin_of_one),
        ),
        Task(
            "box_weights",
            ("left", "right"),
            3,
            (steps.is_the_box, steps.has_the_height, steps.takes_two_units),
        ),
        Task(
            "relu_tent",
            ("left", "peak", "right"),
            4,
            (
                ramps.rises_to_the_peak,
                ramps.falls_to_the_right,
                ramps.is_zero_outside,
                ramps.has_the_height_with_three_units,
            ),
        ),
        Task(
            "staircase",
            ("edges", "values"),
            3,
            (steps.follows_the_steps, steps.begins_and_ends_at_zero, steps.steps_at_the_edges),
        ),
    ),
    forbidden=("torch", "scipy", "sklearn", "course_utils.reference"),
)
