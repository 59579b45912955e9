"""What a student of lab 05 reads: the cause of the mistake that was made, whatever the inputs."""

from __future__ import annotations

import numpy as np
import pytest
from curated import ANSWERS, load_answers

from course_utils.grading.selfcheck import load_lab
from course_utils.grading.tasks import Score, score_function

SEEDS = (0, 1, 2)
LAB = load_lab("05_convolution")
WRONG = [answer for answer in load_answers(ANSWERS / "lab_05_convolution.py") if not answer.is_right]
# The first words of the cause that a report must name.
CAUSES = {
    ("scaled_copies", "moved but not scaled"): "the copies were not scaled by the entries of a",
    ("scaled_copies", "scaled but not moved"): "the copies were not moved: ",
    ("scaled_copies", "moved to the left"): "the copies move to the left; ",
    ("scaled_copies", "b is flipped"): "the copies are turned round: ",
    ("scaled_copies", "copies of a, one for each entry of b"): "a and b are exchanged: ",
    ("scaled_copies", "the column sums"): "the column sums came; ",
    ("scaled_copies", "one column too many"): "one column too many",
    (
        "scaled_copies",
        "the dtype of a: the fractions of b are cut off",
    ): "the fractions were cut off: integers do not hold them, and np.result_type(a, b) does",
    ("filter_products", "the kernel is not flipped"): "b was not flipped",
    ("filter_products", "flipped once too often: the rows, too"): "the windows of a were turned round: ",
    ("filter_products", "padding of one side only"): "zeros were put in front only; ",
    ("filter_products", "padding behind only"): "zeros were put behind only; ",
    ("filter_products", "the other end of a stands beyond its ends"): "a is continued by its other end; ",
    ("filter_products", "the last window is missing"): "the last window is missing",
    ("filter_products", "valid where no mode is given"): 'this is the table of mode="valid"',
    ("filter_products", "the mode is ignored"): 'this is the table of mode="full"',
    (
        "filter_products",
        "exchanges a and b where b is longer, as np.convolve does",
    ): "a and b are exchanged: ",
    ("filter_products", "the sums of the rows"): "the sums of the rows came; ",
    ("filter_products", "a zero too many on each side"): "too many zeros: ",
    ("filter_products", "a zero too few on each side"): "too few zeros: ",
    ("filter_products", "an empty list without a width"): "an empty list has no width: ",
    (
        "filter_products",
        "the dtype of a: the fractions of b are cut off",
    ): "the fractions were cut off: integers do not hold them, and np.result_type(a, b) does",
    ("toeplitz", "a is flipped in each column: this matrix correlates"): "a is turned round in each column",
    ("toeplitz", "transposed"): "the result is transposed",
    ("toeplitz", "circular: what leaves below comes in again above"): "what leaves the matrix below comes in",
    ("toeplitz", "square: the last rows are cut off"): "the last rows are missing",
    ("toeplitz", "valid: only the rows where all of a takes part"): "the rows are missing where b sticks out",
    ("toeplitz", "square-only: a and b have one length"): "there is a column for each entry of a; ",
    ("toeplitz", "negative indices count from the end of a"): "the places beyond the band hold entries of a",
    ("toeplitz", "symmetric, as the word is used for a first column alone"): "the matrix is symmetric; ",
    ("toeplitz", "the length is taken for that of the result"): "`length` is the length of b, not of a * b: ",
    ("correlate2d", "the kernel is flipped: a convolution"): "the kernel was flipped: ",
    ("correlate2d", "the kernel is flipped along one axis"): "the columns of the kernel were turned round",
    ("correlate2d", "height and width swapped in the kernel"): "height and width of the kernel are exchanged",
    ("correlate2d", "height and width swapped in the map"): "the result is transposed",
    ("correlate2d", "the last row and column of windows are missing"): "the last row and the last column of",
    ("correlate2d", "the sum of each window, without the kernel"): "the windows were summed without the kern",
    (
        "correlate2d",
        "the map has the dtype of the image, so photographs overflow",
    ): "8 bits hold no more than 255",
    ("correlate2d", "padded to the size of the image"): "the map has the size of the image; ",
    (
        "correlate2d",
        "the dtype of the kernel: a kernel of integers cuts the fractions off",
    ): "the fractions were cut off: integers do not hold them, and np.result_type(x, W) does",
    ("correlate2d", "the image is made of integers"): "the fractions of the image were cut off",
    ("convolve2d", "the kernel is not flipped"): "the kernel was not flipped, or flipped twice: ",
    ("convolve2d", "flipped once too often"): "the kernel was not flipped, or flipped twice: ",
    ("convolve2d", "only the rows are flipped"): "only the rows of the kernel were flipped, ",
    ("convolve2d", "only the columns are flipped"): "only the columns of the kernel were flipped, ",
    ("convolve2d", "transposed in place of flipped"): "the kernel was transposed; ",
    ("convolve2d", "padding of one side only"): "zeros were put above and on the left only",
    ("convolve2d", "only above and below"): "the columns were not padded",
    ("convolve2d", "height and width swapped in the padding"): "height and width are exchanged in the paddi",
    (
        "convolve2d",
        "square-only: the kernel's height counts for both axes",
    ): "the kernel's height counts for both",
    ("convolve2d", "valid where no mode is given"): 'this is the result of mode="valid"',
    ("convolve2d", "the mode is ignored"): 'this is the result of mode="full"',
    ("convolve2d", "the edge is continued in place of zeros"): "the edge was repeated; ",
    ("convolve2d", "the image is flipped"): "the image was flipped, not the kernel",
    (
        "convolve2d",
        "height and width of the kernel are exchanged",
    ): "height and width of the kernel are exchanged",
    ("convolve2d", "np.rot90 once, a quarter of a turn"): "the kernel was turned by a quarter; ",
    ("convolve2d", "the corner of the full result in place of its middle"): "this is the corner of the full",
    (
        "convolve2d",
        "the dtype of the image: the fractions of the kernel are cut off",
    ): "the fractions were cut off: integers do not hold them, and np.result_type(x, W) does",
    ("im2col", "each window a row"): "each window is a row; ",
    ("im2col", "the rows are reshaped in place of transposed"): "the windows were rows, and then reshaped; ",
    ("im2col", "the places column by column"): "the windows come column by column; ",
    ("im2col", "each window column by column"): "each window is read column by column; ",
    ("im2col", "the channels of a pixel together"): "the channels of a pixel lie together; ",
    ("im2col", "height and width swapped"): "height and width are exchanged",
    ("im2col", "square-only: the height counts for both axes"): "the height of the window counts for both",
    ("im2col", "windows side by side"): "the windows lie side by side; ",
    ("im2col", "only the first channel"): "only the first channel is there",
    ("im2col", "the windows are flipped"): "the windows are flipped",
    ("im2col", "the last window of each row is missing"): "the last window of each row is missing",
    (
        "im2col",
        "NumPy's windows, reshaped without bringing the channels to them",
    ): "the axes were reshaped in a wrong order: ",
    ("convolve_fft", "circular: no zeros beyond the longer of the two"): "the end wraps round to the front: ",
    ("convolve_fft", "one zero too few"): "the last entry wraps round to the first: ",
    ("convolve_fft", "one zero too many, left in the result"): "one zero too many: ",
    ("convolve_fft", "sizes in place of real parts"): "the signs are lost: ",
    ("convolve_fft", "flipped once too often: the transform flips already"): "b was flipped: ",
    ("convolve_fft", "a correlation: the conjugate of one transform"): "one transform was conjugated: ",
    ("convolve_fft", "transforms the last axis only"): "only the last axis was transformed",
    ("convolve_fft", "forward again in place of back"): "the way back was a transform forward: ",
    (
        "convolve_fft",
        "irfft without the length: an odd number of entries is lost",
    ): "np.fft.irfft gives an even number of entries, ",
    ("convolve_fft", "without the way back"): "the way back is missing: ",
    ("separate", "(row, column): height and width swapped"): "column and row are exchanged",
    ("separate", "sizes: the signs are lost"): "a sign is lost: ",
    ("separable_terms", "all the terms"): "all the terms came; ",
    ("separable_terms", "always one term"): "one term too few",
    ("separable_terms", "the singular values are forgotten"): "each term has the size 1: ",
    ("separable_terms", "the singular values on both sides"): "each term has its singular value twice, ",
    ("separable_terms", "rows of U in place of its columns"): "look at U and V again: ",
    ("separable_terms", "columns of V in place of its rows"): "look at U and V again: ",
    ("separable_terms", "(rows, columns): height and width swapped"): "columns and rows are exchanged",
    ("separable_terms", "an absolute error"): "the error is relative: ",
    (
        "separable_terms",
        "the sum of the singular values in place of the root of their squares",
    ): "the singular values are added up in place of their squares",
    ("separable_terms", "the squares without the root"): "the roots of the sums of squares are missing",
    (
        "separable_terms",
        "the next singular value against the largest one",
    ): "only the next singular value is compared; ",
    ("separable_terms", "one term too many"): "one term too many",
    ("separable_terms", "the terms as columns of the first array"): "each term is a column; ",
}
# Where the problem itself is the cause.
PROBLEMS = {
    ("scaled_copies", "float64 always"): "the table has dtype float64, expected float32",
    ("toeplitz", "float64 always"): "the matrix has dtype float64, expected float32",
    ("correlate2d", "float64 always"): "the map has dtype float64, expected float32",
    ("im2col", "float64 always"): "the matrix has dtype float64, expected float32",
    ("convolve_fft", "complex numbers"): "its dtype: complex128 came, real numbers were expected",
    ("separate", "nothing is refused"): "expected ValueError, but a column and a row came",
    (
        "separate",
        "refused with an error of another kind",
    ): "expected ValueError, but separate raised Assertion",
    ("separate", "None in place of an error"): "expected ValueError, but separate returned None",
    (
        "separate",
        "everything is refused",
    ): "the kernel is an outer product, but for rounding errors; separate",
    (
        "separate",
        "no rounding is allowed",
    ): "the kernel is an outer product, but for rounding errors; separate",
    (
        "separate",
        "the rank, by which a ten-millionth is no rounding error",
    ): "the kernel is an outer product, but for rounding errors; separate",
    (
        "separable_terms",
        "the terms as columns of the first array",
    ): "columns must have shape (terms, 3), array of shape (3, 1), float64 came",
    ("separate", "not divided by the entry where they meet"): " times the kernel: divide your column or your",
    ("separate", "the singular value is forgotten"): " times the kernel: divide your column or your row by",
}


def score_answer(task: str, words: str, seed: int) -> Score:
    (found,) = (answer for answer in WRONG if (answer.task, answer.words) == (task, words))
    return score_function(LAB.by_name[task], found.function, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), CAUSES)
def test_report_names_the_cause(task: str, words: str, seed: int) -> None:
    assert f"\ncause     {CAUSES[task, words]}" in score_answer(task, words, seed).report()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), PROBLEMS)
def test_report_says_what_is_wrong(task: str, words: str, seed: int) -> None:
    assert PROBLEMS[task, words] in score_answer(task, words, seed).report()


PARTS = {
    ("scaled_copies", "moved but not scaled"): 1,
    ("scaled_copies", "the dtype of a: the fractions of b are cut off"): 3,
    ("filter_products", "exchanges a and b where b is longer, as np.convolve does"): 3,
    ("filter_products", "valid where no mode is given"): 2,
    ("toeplitz", "square-only: a and b have one length"): 1,
    ("correlate2d", "the kernel is flipped: a convolution"): 1,
    ("correlate2d", "square-only: the kernel's height counts for both axes"): 2,
    ("convolve2d", "padding of one side only"): 1,
    ("im2col", "height and width swapped"): 2,
    ("convolve_fft", "transforms the last axis only"): 1,
    ("separate", "nothing is refused"): 2,
    ("separate", "the rank, by which a ten-millionth is no rounding error"): 3,
    ("separable_terms", "all the terms"): 1,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("task", "words"), PARTS)
def test_answer_that_is_partly_right_gets_its_share(task: str, words: str, seed: int) -> None:
    assert score_answer(task, words, seed).points == PARTS[task, words]
