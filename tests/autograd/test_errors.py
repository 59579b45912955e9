"""Bad input: one sentence that names the operation and the shapes; and no gradient is changed by it."""

import operator
import re

import numpy as np
import pytest

from course_utils.autograd import Tensor, concatenate, cross_entropy, maximum, no_grad, topological_order

BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "maximum": maximum,
}


def leaf(values):
    return Tensor(values, requires_grad=True)


def ones(*shape):
    return leaf(np.ones(shape))


@pytest.mark.parametrize("operation", BINARY)
@pytest.mark.parametrize(("first", "second"), [((2, 3), (2,)), ((4,), (3,)), ((2, 1, 3), (3, 2, 2))])
def test_shapes_that_cannot_broadcast(operation, first, second):
    sentence = re.escape(f"{operation} was given shape {first} and {second}, which does not fit: ")
    for right in (ones(*second), np.ones(second)):
        with pytest.raises(ValueError, match=sentence):
            BINARY[operation](ones(*first), right)
    with pytest.raises(ValueError, match=sentence):
        BINARY[operation](np.ones(first), ones(*second))


SHAPES = {
    "matmul, inner lengths": (
        lambda: ones(2, 3) @ ones(2, 3),
        r"matmul was given shape \(2, 3\) and \(2, 3\)",
    ),
    "matmul, vectors": (lambda: ones(2) @ ones(3), r"matmul was given shape \(2,\) and \(3,\)"),
    "matmul, batches": (
        lambda: ones(2, 1, 3) @ ones(4, 3, 1),
        r"matmul was given shape \(2, 1, 3\) and \(4, 3, 1\)",
    ),
    "matmul, a number": (lambda: ones(2) @ 2, r"matmul was given shape \(2,\) and \(\), which does not fit"),
    "reshape": (
        lambda: ones(2, 3).reshape(4),
        r"reshape was given shape \(2, 3\), which does not fit: .*4",
    ),
    "concatenate": (
        lambda: concatenate([ones(2, 3), ones(2, 2)]),
        r"concatenate was given shape \(2, 3\) and \(2, 2\), which does not fit",
    ),
    "concatenate, axes": (
        lambda: concatenate([ones(2, 3), ones(3)]),
        r"concatenate was given shape \(2, 3\) and \(3,\), which does not fit",
    ),
    "concatenate, no such axis": (
        lambda: concatenate([ones(2), ones(2)], dim=1),
        r"concatenate was given shape \(2,\) and \(2,\), which does not fit: axis 1",
    ),
    "concatenate, numbers": (
        lambda: concatenate([ones(), ones()]),
        r"concatenate was given shape \(\) and \(\), which does not fit: zero-dimensional",
    ),
    "concatenate, nothing": (lambda: concatenate([]), r"concatenate was given .* at least one array"),
    "sum": (lambda: ones(2, 3).sum(2), r"sum was given shape \(2, 3\), which does not fit: axis 2"),
    "mean": (lambda: ones(2, 3).mean(-3), r"mean was given shape \(2, 3\), which does not fit: axis -3"),
    "amax": (lambda: ones(2, 3).amax((0, 2)), r"amax was given shape \(2, 3\), which does not fit: axis 2"),
    "sum, one axis twice": (
        lambda: ones(2, 3).sum((1, 1)),
        r"sum was given shape \(2, 3\), .*duplicate",
    ),
    "logsumexp": (
        lambda: ones(3).logsumexp(1),
        r"logsumexp was given shape \(3,\), which does not fit",
    ),
    "transpose": (lambda: ones(3).transpose(0, 1), r"transpose was given shape \(3,\), which does not fit"),
    "an empty mask": (lambda: ones(3)[np.zeros(3, bool)], r"at least one entry but was given shape \(0,\)"),
    "an empty slice": (lambda: ones(3)[:0], r"a Tensor needs at least one entry but was given shape \(0,\)"),
    "+= of more entries": (
        lambda: in_place(ones(1), np.ones(3)),
        r"from shape \(3,\) into shape \(1,\)",
    ),
    "item of two": (lambda: ones(2).item(), "array of size 1"),
}


def in_place(w, other):
    with no_grad():
        w += other


@pytest.mark.parametrize(("compute", "sentence"), SHAPES.values(), ids=SHAPES)
def test_shapes_that_do_not_fit_are_named(compute, sentence):
    with pytest.raises((ValueError, IndexError), match=sentence):
        compute()


def test_an_entry_that_is_not_there():
    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3"):
        ones(3)[3]


BAD_DATA = {
    "text": ("one", TypeError, "a Tensor holds float32 or float64, and was given <U3: convert it"),
    "None": (None, TypeError, "was given object"),
    "float16": (np.ones(2, np.float16), TypeError, "was given float16"),
    "complex": (1j, TypeError, "was given complex128"),
    "dates": (np.array(["2020-01-01"], "datetime64[D]"), TypeError, "was given datetime64"),
    "a Tensor in a list": ([Tensor(1.0), Tensor(2.0)], TypeError, "was given object"),
    "nothing": ([], ValueError, r"a Tensor needs at least one entry but was given shape \(0,\)"),
    "no rows": (np.ones((0, 3)), ValueError, r"was given shape \(0, 3\)"),
    "rows of unequal length": ([[1], [1, 2]], ValueError, "inhomogeneous"),
}


@pytest.mark.parametrize(("data", "error", "sentence"), BAD_DATA.values(), ids=BAD_DATA)
def test_what_is_no_tensor(data, error, sentence):
    with pytest.raises(error, match=sentence):
        Tensor(data)


@pytest.mark.parametrize("other", [None, "3", 1j, object(), np.float16([1]), np.array([None])])
@pytest.mark.parametrize("operation", BINARY)
def test_what_is_no_operand(operation, other):
    for order in ((ones(1), other), (other, ones(1))):
        with pytest.raises(TypeError, match="a Tensor holds float32 or float64, and was given"):
            BINARY[operation](*order)


MIXED = {**BINARY, "matmul": lambda a, b: a @ b, "concatenate": lambda a, b: concatenate([a, b])}


@pytest.mark.parametrize("operation", MIXED)
def test_mixed_dtypes(operation):
    double, single = ones(3), leaf(np.ones(3, np.float32))
    sentence = rf"{operation} was given float64 of shape \(3,\) and float32 of shape \(3,\): convert one"
    with pytest.raises(TypeError, match=sentence):
        MIXED[operation](double, single)
    with pytest.raises(TypeError, match=sentence):
        MIXED[operation](np.ones(3), single)


def test_the_remedy_for_mixed_dtypes_works():
    double, single = ones(3), leaf(np.ones(3, np.float32))
    (double + Tensor(single.data.astype(np.float64))).sum().backward()
    np.testing.assert_array_equal(double.grad, [1, 1, 1])


TARGETS = {
    "a label too large": ([0, 3], "int64 targets", r"integers from 0 to 2, shape \(2,\), or probabilities"),
    "a negative label": ([0, -1], "int64 targets", "integers from 0 to 2"),
    "too many labels": ([0, 1, 2], r"int64 targets of shape \(3,\), logits of shape \(2, 3\)", "integers"),
    "labels as floats": ([0.0, 1.0], r"float64 targets of shape \(2,\)", "integers from 0 to 2"),
    "labels as a Tensor": (Tensor([0, 1]), r"float64 targets of shape \(2,\)", "integers from 0 to 2"),
    "labels as a column": ([[0], [1]], r"int64 targets of shape \(2, 1\)", "integers from 0 to 2"),
    "probabilities of two": (np.ones((2, 2)), r"float64 targets of shape \(2, 2\)", "or probabilities"),
    "one-hot integers": (
        np.eye(3, dtype=int)[[0, 1]],
        r"int64 targets of shape \(2, 3\)",
        "or probabilities",
    ),
    "text": (["a", "b"], "<U1 targets", "integers from 0 to 2"),
    "None": (None, "object targets", "integers from 0 to 2"),
}


@pytest.mark.parametrize(("target", "given", "remedy"), TARGETS.values(), ids=TARGETS)
def test_targets_that_do_not_fit_the_logits(target, given, remedy):
    with pytest.raises(ValueError, match=f"cross_entropy was given {given}.*{remedy}"):
        cross_entropy(ones(2, 3), target)


def test_backward_on_a_leaf():
    for tensor in (ones(2), Tensor([1.0, 2.0])):
        with pytest.raises(ValueError, match=r"backward was called on a leaf, shape \(2,\): nothing with"):
            tensor.backward()


def test_backward_where_nothing_requires_a_gradient():
    constant = Tensor([1.0, 2.0]).sum()
    with no_grad():
        silent = ones(2).sum()
    for tensor in (constant, silent):
        with pytest.raises(ValueError, match=r"leaf, shape \(\): nothing with requires_grad=True led to it"):
            tensor.backward()


def test_backward_of_several_entries_without_a_gradient():
    sentence = r"backward was given no gradient for shape \(2, 3\): sum it, or give that shape"
    with pytest.raises(ValueError, match=sentence):
        (ones(2, 3) * 2).backward()


@pytest.mark.parametrize("gradient", [1.0, np.ones(3), np.ones((3, 2)), np.ones((1, 2, 3))])
def test_a_gradient_of_another_shape(gradient):
    sentence = (
        rf"backward was given a gradient of shape {re.escape(str(np.shape(gradient)))} for shape \(2, 3\)"
    )
    with pytest.raises(ValueError, match=sentence):
        (ones(2, 3) * 2).backward(gradient)


def cycle(length):
    w = leaf(1.0)
    first = y = w.exp()
    for _ in range(length - 1):
        y = y.exp() if length < 4 else y * 1
    first.parents = (y,)
    return w, y.sin()


@pytest.mark.parametrize("length", [1, 2, 3, 10_000])
def test_a_tensor_that_depends_on_itself(length):
    w, y = cycle(length)
    sentence = rf"{'mul' if length > 3 else 'exp'} is part of a cycle: make each result a new tensor"
    with pytest.raises(ValueError, match=sentence):
        topological_order(y)
    with pytest.raises(ValueError, match=sentence):
        y.backward()
    assert w.grad is None


def test_a_leaf_changes_inside_no_grad_only():
    for change in (operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow):
        w = leaf([1.0, 2.0])
        with pytest.raises(ValueError, match=r"a leaf .* shape \(2,\), changes inside `with no_"):
            change(w, 2)
        np.testing.assert_array_equal(w.data, [1, 2])


@pytest.mark.parametrize("function", [np.exp, lambda t: np.add(t, 1), lambda t: np.maximum(0, t)])
def test_numpys_functions_refuse_a_tensor_rather_than_lose_its_graph(function):
    with pytest.raises(TypeError, match="does not support ufuncs"):
        function(ones(2))
