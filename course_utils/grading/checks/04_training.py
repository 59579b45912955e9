"""The tasks of lab 04, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import (
    adam,
    batch_norm,
    batch_norm_gradients,
    clipping,
    dropping,
    dropping_gradients,
    early_stops,
    momentum,
    schedules,
)

LAB = Lab(
    "04_training",
    tasks=(
        Task(
            "momentum_step",
            ("w", "w_bar"),
            4,
            (
                momentum.takes_a_first_step,
                momentum.keeps_its_velocity,
                momentum.goes_on_from_its_own_state,
                momentum.keeps_float32_and_takes_integers,
            ),
        ),
        Task(
            "adam_step",
            ("w", "w_bar"),
            5,
            (
                adam.takes_a_whole_first_step,
                adam.keeps_two_means_and_the_count,
                adam.adds_epsilon_outside_the_root,
                adam.has_the_defaults_of_adam,
                adam.keeps_float32_and_takes_integers,
            ),
        ),
        Task(
            "learning_rate_at",
            ("step", "steps", "peak"),
            4,
            (
                schedules.rises_in_a_straight_line,
                schedules.falls_along_half_a_cosine,
                schedules.has_exact_ends,
                schedules.needs_no_warm_up,
            ),
        ),
        Task(
            "dropout",
            ("x",),
            5,
            (
                dropping.scales_after_training,
                dropping.keeps_or_drops_while_training,
                dropping.drops_the_right_share,
                dropping.follows_the_seed,
                dropping.tosses_for_each_entry,
            ),
        ),
        Task(
            "dropout_backward",
            ("y_bar", "factors"),
            3,
            (
                dropping_gradients.passes_on_where_an_entry_was_kept,
                dropping_gradients.scales_the_gradient_after_training,
                dropping_gradients.gradients_keep_float32,
            ),
        ),
        Task(
            "batch_norm",
            ("x", "gamma", "beta"),
            4,
            (
                batch_norm.gives_each_feature_mean_0_and_spread_1,
                batch_norm.scales_and_shifts_each_feature,
                batch_norm.adds_epsilon_to_the_variance,
                batch_norm.stands_features_far_from_0,
            ),
        ),
        Task(
            "batch_norm_backward",
            ("y_bar", "x", "gamma", "beta"),
            6,
            (
                batch_norm_gradients.gives_the_gradient_of_beta,
                batch_norm_gradients.gives_the_gradient_of_gamma,
                batch_norm_gradients.gives_the_gradient_of_x,
                batch_norm_gradients.uses_epsilon_on_the_way_back,
            ),
        ),
        Task(
            "early_stopping",
            ("losses", "patience"),
            4,
            (
                early_stops.stops_when_patience_is_over,
                early_stops.begins_anew_at_each_best_epoch,
                early_stops.lets_no_tie_and_no_small_change_count,
                early_stops.never_takes_nan_for_better,
            ),
        ),
        Task(
            "clip_by_norm",
            ("gradients", "limit"),
            4,
            (
                clipping.scales_by_the_common_norm,
                clipping.leaves_small_gradients_alone,
                clipping.clips_what_is_large_together,
                clipping.clips_float32_and_integers,
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
        "course_utils.checks",
        "course_utils.shapes",
    ),
)
