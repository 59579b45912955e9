"""Under no_grad, and among constants, nothing is remembered; elsewhere, and afterwards, it is."""

import threading
import weakref

import pytest

from course_utils.autograd import Tensor, no_grad


def leaf(values):
    return Tensor(values, requires_grad=True)


def test_no_graph_is_kept_under_no_grad():
    w = leaf([1.0, 2.0])
    with no_grad():
        between = w * 2
        y = between.exp().sum()
    assert (y.parents, y.backs, y.used, y.operation) == ((), (), (), "")
    assert not y.requires_grad
    grave = weakref.ref(between)
    del between
    assert grave() is None


def test_no_graph_is_kept_of_constants():
    c = Tensor([1.0, 2.0])
    y = (c * 2).exp()
    assert (y.parents, y.requires_grad) == ((), False)
    assert (c * leaf(1.0)).requires_grad


def recorded():
    return (leaf(1.0) * 2).requires_grad


def test_no_grad_ends_with_its_own_block_only():
    with no_grad():
        with no_grad():
            assert not recorded()
        assert not recorded()
    assert recorded()


def test_no_grad_ends_with_an_exception():
    with pytest.raises(RuntimeError, match="inside"), no_grad():
        raise RuntimeError("inside")
    assert recorded()


def test_no_grad_decorates_a_function_that_is_called_often():
    @no_grad()
    def evaluate():
        return recorded()

    assert [evaluate(), recorded(), evaluate(), recorded()] == [False, True, False, True]


def test_no_grad_holds_in_its_own_thread_only():
    seen = {}
    started, ended = threading.Event(), threading.Event()

    def other():
        with no_grad():
            started.set()
            ended.wait(10)
            seen["inside"] = recorded()

    thread = threading.Thread(target=other)
    thread.start()
    assert started.wait(10)
    seen["beside"] = recorded()
    with no_grad():
        ended.set()
        thread.join()
        fresh = threading.Thread(target=lambda: seen.update(fresh=recorded()))
        fresh.start()
        fresh.join()
    assert seen == {"inside": False, "beside": True, "fresh": True}
