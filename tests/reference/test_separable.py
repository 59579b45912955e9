"""Separable kernels, and sums of a few outer products for those that are not."""

import numpy as np
import pytest

from course_utils.reference import convolve, convolve_separable, separable_terms

SOBEL = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])


def summed(columns, rows):
    return np.einsum("ri,rj->ij", columns, rows)


@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (5, 4), (4, 7), (1, 6), (6, 1)])
def test_all_terms_together_are_the_kernel(shape):
    kernel = np.random.default_rng(0).standard_normal(shape)
    columns, rows = separable_terms(kernel)
    assert columns.shape == (min(shape), shape[0])
    assert rows.shape == (min(shape), shape[1])
    np.testing.assert_allclose(summed(columns, rows), kernel, atol=1e-12)


@pytest.mark.parametrize("rank", [1, 2, 3, 4])
def test_the_error_is_the_one_of_eckart_and_young(rank):
    kernel = np.random.default_rng(0).standard_normal((4, 6))
    columns, rows = separable_terms(kernel, rank)
    assert columns.shape == (rank, 4)
    assert rows.shape == (rank, 6)
    s = np.linalg.svd(kernel, compute_uv=False)
    error = np.sum((kernel - summed(columns, rows)) ** 2)
    assert error == pytest.approx(np.sum(s[rank:] ** 2), abs=1e-12)


def test_no_other_sum_of_two_terms_is_nearer():
    rng = np.random.default_rng(0)
    kernel = rng.standard_normal((4, 5))
    columns, rows = separable_terms(kernel, 2)
    least = np.sum((kernel - summed(columns, rows)) ** 2)
    for size in (1e-3, 1e-2, 0.1, 1):
        for _ in range(50):
            moved = [part + size * rng.standard_normal(part.shape) for part in (columns, rows)]
            assert np.sum((kernel - summed(*moved)) ** 2) > least


def test_the_largest_term_comes_first_and_a_column_is_as_large_as_its_row():
    kernel = np.random.default_rng(0).standard_normal((5, 4))
    columns, rows = separable_terms(kernel)
    sizes = np.linalg.norm(columns, axis=1) * np.linalg.norm(rows, axis=1)
    np.testing.assert_allclose(sizes, np.linalg.svd(kernel, compute_uv=False), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(columns, axis=1), np.linalg.norm(rows, axis=1), atol=1e-12)


def test_a_separable_kernel_has_one_term_and_a_kernel_of_zeros_too():
    columns, rows = separable_terms(SOBEL)
    assert len(columns) == len(rows) == 1
    np.testing.assert_allclose(np.outer(columns[0], rows[0]), SOBEL, atol=1e-12)
    assert len(separable_terms([[0, 1, 0], [1, -4, 1], [0, 1, 0]])[0]) == 2
    columns, rows = separable_terms(np.zeros((2, 3)))
    np.testing.assert_array_equal(summed(columns, rows), np.zeros((2, 3)))
    assert len(columns) == 1


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("sizes", [(3, 3), (2, 5), (4, 1), (6, 7)])
def test_a_column_and_a_row_convolve_as_their_outer_product(mode, sizes):
    rng = np.random.default_rng(0)
    x, column, row = (rng.standard_normal(shape) for shape in [(6, 7), *sizes])
    expected = convolve(x, np.outer(column, row), mode=mode)
    np.testing.assert_allclose(convolve_separable(x, column, row, mode=mode), expected, atol=1e-12)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_a_sum_of_separable_convolutions_is_the_convolution(mode):
    rng = np.random.default_rng(0)
    x, kernel = rng.standard_normal((8, 9)), rng.standard_normal((4, 3))
    terms = zip(*separable_terms(kernel), strict=True)
    y = sum(convolve_separable(x, column, row, mode=mode) for column, row in terms)
    np.testing.assert_allclose(y, convolve(x, kernel, mode=mode), atol=1e-12)


def test_float32_stays_bytes_do_not_overflow_and_arguments_are_left_alone():
    kernel = SOBEL.astype(np.float32)
    kernel.flags.writeable = False
    columns, rows = separable_terms(kernel)
    assert columns.dtype == rows.dtype == np.float32
    assert convolve_separable(np.ones((4, 4), np.float32), columns[0], rows[0]).dtype == np.float32
    image = np.full((2, 2), 250, np.uint8)
    assert convolve_separable(image, image[0], image[0]).max() == 4 * 250**3
    np.testing.assert_array_equal(kernel, SOBEL)


BAD_KERNELS = {
    "no term": (SOBEL, 0, ValueError, r"rank=0 but a kernel of shape \(3, 3\) has 1 to 3 terms; take"),
    "too many": (np.ones((2, 5)), 3, ValueError, r"rank=3 but a kernel of shape \(2, 5\) has 1 to 2 terms"),
    "negative": (SOBEL, -1, ValueError, r"rank=-1 but"),
    "half": (SOBEL, 1.5, TypeError, r"rank must be an integer, but rank=1\.5; give a whole number"),
    "true": (SOBEL, True, TypeError, r"rank must be an integer, but rank=True"),
    "a signal": ([1, 2], 1, ValueError, r"kernel must have 2 axes .* but kernel\.shape=\(2,\)"),
    "empty": (np.ones((0, 2)), 1, ValueError, r"kernel is empty"),
    "complex": ([[1j]], 1, TypeError, r"kernel must hold real numbers"),
    "NaN": (
        [[np.nan, 1]],
        1,
        ValueError,
        r"kernel holds 1 NaN or infinities among its 2 entries.*isfinite\(kernel\)",
    ),
    "infinity": (
        [[np.inf, -np.inf]],
        None,
        ValueError,
        r"kernel holds 2 NaN or infinities among its 2 entries",
    ),
}


@pytest.mark.parametrize(("kernel", "rank", "error", "sentence"), BAD_KERNELS.values(), ids=BAD_KERNELS)
def test_what_has_no_such_terms_is_named(kernel, rank, error, sentence):
    with pytest.raises(error, match=sentence):
        separable_terms(kernel, rank)


@pytest.mark.parametrize(
    ("arrays", "mode", "error", "sentence"),
    [
        (
            ([1, 2], [1], [1]),
            "full",
            ValueError,
            r"x must have 2 axes \(height, width\), but x\.shape=\(2,\)",
        ),
        ((SOBEL, [[1]], [1]), "full", ValueError, r"column must have 1 axis .* but column\.shape=\(1, 1\)"),
        ((SOBEL, [1], [[1]]), "full", ValueError, r"row must have 1 axis .* but row\.shape=\(1, 1\)"),
        (
            (SOBEL, [1, 2, 3, 4], [1]),
            "valid",
            ValueError,
            r"no larger than a, but a\.shape=\(3, 3\), b\.shape=\(4, 1\)",
        ),
        ((SOBEL, [1], ["a"]), "full", TypeError, r"row must hold real numbers"),
        ((SOBEL, [1], [1]), "middle", ValueError, r"mode='middle' but must be one of full, same, valid"),
    ],
)
def test_a_column_and_a_row_that_do_not_fit_are_named(arrays, mode, error, sentence):
    with pytest.raises(error, match=sentence):
        convolve_separable(*arrays, mode=mode)
