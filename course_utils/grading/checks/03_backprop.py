"""The tasks of lab 03, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import (
    accumulation,
    broadcasting,
    engine,
    gradients,
    graphs,
    planted,
    rules,
    sweeps,
)

LAB = Lab(
    "03_backprop",
    tasks=(
        Task(
            "neuron_gradients",
            ("w", "b", "x", "t"),
            3,
            (
                gradients.gives_the_gradient_of_the_bias,
                gradients.gives_the_gradient_of_the_weight,
                gradients.adds_what_comes_through_the_penalty,
            ),
        ),
        Task(
            "numeric_gradient",
            ("f", "x"),
            4,
            (
                gradients.measures_every_entry,
                gradients.measures_in_any_shape,
                gradients.has_a_step_of_a_hundred_thousandth,
                gradients.moves_integers_too,
            ),
        ),
        Task(
            "wrong_entries",
            ("f", "x", "x_bar"),
            4,
            (
                planted.trusts_a_right_gradient,
                planted.finds_planted_bugs,
                planted.finds_nan_and_wrong_shapes,
                planted.allows_what_the_tolerance_allows,
            ),
        ),
        Task(
            "unbroadcast",
            ("gradient", "shape"),
            4,
            (
                broadcasting.leaves_what_was_not_repeated,
                broadcasting.sums_over_axes_in_front,
                broadcasting.sums_over_axes_of_length_one,
                broadcasting.sums_over_both_at_once,
            ),
        ),
        Task(
            "add_backward",
            ("y_bar", "a", "b"),
            3,
            (
                broadcasting.passes_the_gradient_on,
                broadcasting.sums_where_a_term_was_repeated,
                broadcasting.sums_where_both_terms_were_repeated,
            ),
        ),
        Task(
            "mul_backward",
            ("y_bar", "a", "b"),
            3,
            (
                broadcasting.multiplies_by_the_other_factor,
                broadcasting.sums_where_a_factor_was_repeated,
                broadcasting.sums_where_both_factors_were_repeated,
            ),
        ),
        Task(
            "matmul_backward",
            ("y_bar", "a", "b"),
            3,
            (rules.gives_the_left_gradient, rules.gives_the_right_gradient, rules.products_keep_float32),
        ),
        Task(
            "tanh_backward",
            ("y_bar", "x"),
            2,
            (rules.multiplies_by_the_slope, rules.passes_nothing_where_it_is_saturated),
        ),
        Task(
            "logsumexp",
            ("z",),
            3,
            (rules.sums_each_row, rules.stands_large_numbers, rules.logarithms_keep_float32),
        ),
        Task(
            "cross_entropy_backward",
            ("L_bar", "z", "t"),
            4,
            (
                rules.is_right_for_one_example,
                rules.takes_the_mean_over_a_batch,
                rules.passes_on_what_arrives,
                rules.stands_large_scores,
            ),
        ),
        Task(
            "topological_order",
            ("parents", "output"),
            5,
            (
                graphs.orders_a_chain,
                graphs.orders_graphs_with_fan_out,
                graphs.leaves_out_what_is_not_needed,
                graphs.stands_ten_thousand_values,
                graphs.refuses_a_cycle,
            ),
        ),
        Task(
            "backward",
            ("tape", "values", "rules"),
            5,
            (
                sweeps.goes_back_through_a_chain,
                sweeps.adds_over_several_uses,
                sweeps.adds_within_one_step,
                sweeps.gives_nothing_to_dead_ends,
                sweeps.stands_long_tapes,
            ),
        ),
        Task(
            "accumulate",
            ("grads", "bars"),
            3,
            (
                accumulation.adds_to_what_is_there,
                accumulation.begins_where_there_is_none,
                accumulation.keeps_to_the_parameters,
            ),
        ),
        Task(
            "train",
            ("batches", "weights"),
            4,
            (
                engine.takes_one_exact_step,
                engine.collects_all_batches,
                engine.has_its_defaults,
                engine.reads_digits,
            ),
            seconds=30,
        ),
    ),
    forbidden=(
        "torch",
        "scipy",
        "sklearn",
        "graphlib",
        "course_utils.reference",
        "course_utils.autograd",
        "course_utils.checks",
    ),
)
