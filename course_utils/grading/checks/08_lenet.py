"""The tasks of lab 08, their points and the properties that their functions must have."""

from __future__ import annotations

from course_utils.grading.authoring import Lab, Task
from course_utils.grading.properties import (
    confusions,
    curve_diagnosis,
    lenet_building,
    lenet_counts,
    predictions,
    trained_networks,
    training_loops,
)

LAB = Lab(
    "08_lenet",
    tasks=(
        Task(
            "build_lenet",
            ("seed",),
            4,
            (
                lenet_building.has_lenets_parameters,
                lenet_building.scores_a_batch,
                lenet_building.scores_one_image,
                lenet_building.draws_weights_by_the_seed,
            ),
        ),
        Task(
            "count_lenet",
            ("height", "width"),
            5,
            (
                lenet_counts.counts_the_first_layers,
                lenet_counts.counts_the_second_layers,
                lenet_counts.counts_the_dense_layers,
                lenet_counts.cuts_off_what_pooling_leaves,
                lenet_counts.gives_the_decks_table,
            ),
        ),
        Task(
            "train_epochs",
            ("model", "x", "t", "orders"),
            6,
            (
                training_loops.takes_one_step,
                training_loops.forgets_older_gradients,
                training_loops.keeps_images_and_labels_together,
                training_loops.trains_in_training_mode,
                training_loops.takes_the_mean_over_examples,
                training_loops.has_its_defaults,
            ),
            seconds=30,  # the first optimizer of a session loads much of PyTorch
        ),
        Task(
            "predict",
            ("model", "x"),
            4,
            (
                predictions.scores_in_evaluation_mode,
                predictions.leaves_the_network_as_it_was,
                predictions.keeps_no_graph,
                predictions.goes_batch_by_batch,
            ),
        ),
        Task(
            "evaluate",
            ("model", "x", "t"),
            3,
            (
                predictions.gives_the_mean_loss,
                predictions.gives_the_accuracy,
                predictions.evaluates_in_evaluation_mode,
            ),
        ),
        Task(
            "confusion_matrix",
            ("t", "guesses"),
            3,
            (
                confusions.counts_each_pair,
                confusions.has_a_row_for_each_true_class,
                confusions.has_room_for_all_classes,
            ),
        ),
        Task(
            "most_confused",
            ("counts",),
            3,
            (
                confusions.adds_mistakes_both_ways,
                confusions.looks_past_right_answers,
                confusions.names_the_smaller_class_first,
            ),
        ),
        Task(
            "diagnose",
            ("train_losses", "validation_losses"),
            5,
            (
                curve_diagnosis.sees_divergence,
                curve_diagnosis.sees_overfitting,
                curve_diagnosis.tells_slow_from_stuck,
                curve_diagnosis.leaves_a_good_run_alone,
                curve_diagnosis.takes_means_over_three_epochs,
            ),
        ),
        Task(
            "train_lenet",
            ("x", "t", "seed"),
            9,
            (
                trained_networks.hands_over_a_finished_network,
                trained_networks.learns_from_few,
                trained_networks.reads_new_digits,
            ),
            seconds=60,
        ),
    ),
    forbidden=(
        "scipy",
        "sklearn",
        "skimage",
        "torchvision",
        "course_utils.reference",
        "course_utils.autograd",
        "course_utils.shapes",
        "course_utils.checks",
        "course_utils.models",
        "course_utils.training",
        "course_utils.plots",
    ),
)
