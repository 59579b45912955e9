"""Backpropagation for NumPy arrays, written to be read: an engine with PyTorch's words, and its rules."""

from course_utils.autograd.graph import Step, reverse_sweep, topological_order, unbroadcast
from course_utils.autograd.rules import RULES
from course_utils.autograd.tensor import Tensor, concatenate, cross_entropy, maximum, no_grad

__all__ = ["RULES", "Step", "Tensor", "concatenate", "cross_entropy", "maximum", "no_grad",
           "reverse_sweep", "topological_order", "unbroadcast"]  # fmt: skip
