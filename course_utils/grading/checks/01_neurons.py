"""The tasks of lab 01, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import features, layers, neuron

LAB = Lab(
    "01_neurons",
    tasks=(
        Task("weighted_sum", ("x", "w", "b"), 2, (neuron.adds_up_the_products, neuron.adds_the_bias_once)),
        Task(
            "side_of_line",
            ("x", "w", "b"),
            4,
            (
                neuron.labels_both_sides,
                neuron.labels_the_line_itself,
                neuron.takes_no_bias_for_zero,
                neuron.returns_whole_numbers,
            ),
        ),
        Task(
            "logistic",
            ("z",),
            4,
            (
                neuron.gives_values_for_any_shape,
                neuron.stands_large_inputs,
                neuron.keeps_the_precision,
                neuron.takes_integers,
            ),
        ),
        Task(
            "activation_slope",
            ("z", "activation"),
            3,
            (neuron.slope_of_relu, neuron.slope_of_logistic, neuron.slope_of_tanh),
        ),
        Task(
            "dense",
            ("x", "W", "b"),
            4,
            (
                layers.weighs_the_inputs,
                layers.adds_the_bias,
                layers.keeps_both_axes,
                layers.layer_keeps_the_precision,
            ),
        ),
        Task(
            "two_layer",
            ("x", "W_1", "b_1", "w_2", "b_2", "goal"),
            4,
            (
                layers.answers_with_a_number,
                layers.adds_both_biases,
                layers.answers_with_a_probability,
                layers.takes_regression_by_default,
            ),
        ),
        Task(
            "network",
            ("x", "layers"),
            8,
            (
                layers.applies_the_activation,
                layers.feeds_each_layer_to_the_next,
                layers.adds_each_bias,
                layers.takes_the_smallest_cases,
            ),
        ),
        Task(
            "most_exciting",
            ("images", "w", "count"),
            3,
            (
                features.puts_the_largest_first,
                features.counts_as_it_is_told,
                features.leaves_digits_unchanged,
            ),
        ),
        Task("zero_minus_one", ("x",), 4, (features.tells_zeros_from_ones, features.is_one_neuron)),
    ),
    forbidden=("torch", "scipy", "sklearn", "course_utils.reference"),
)
