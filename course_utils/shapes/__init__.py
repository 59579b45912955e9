"""Sizes, receptive fields and counts of layers and networks, described or live."""

from course_utils.shapes.convolutions import Conv, LocallyConnected, Tiled
from course_utils.shapes.counts import LayerCount, LayerRow, count_dense, count_mlp, total
from course_utils.shapes.fields import receptive_fields
from course_utils.shapes.formulas import count_conv_maps, count_dense_maps
from course_utils.shapes.layers import Layer
from course_utils.shapes.live import count_module
from course_utils.shapes.live_fields import receptive_fields_of
from course_utils.shapes.networks import count_network
from course_utils.shapes.pools import AdaptivePool, Pool
from course_utils.shapes.seeing import ReceptiveField, input_window, seen_inputs
from course_utils.shapes.sizes import (
    conv_output_size,
    conv_transpose_output_size,
    kernel_span,
    padding_pair,
    pool_output_size,
    same_padding,
)
from course_utils.shapes.tables import table
from course_utils.shapes.transposed import ConvTranspose
from course_utils.shapes.windowless import Activation, Dense, Flatten, Normalisation

__all__ = [
    "Activation",
    "AdaptivePool",
    "Conv",
    "ConvTranspose",
    "Dense",
    "Flatten",
    "Layer",
    "LayerCount",
    "LayerRow",
    "LocallyConnected",
    "Normalisation",
    "Pool",
    "ReceptiveField",
    "Tiled",
    "conv_output_size",
    "conv_transpose_output_size",
    "count_conv_maps",
    "count_dense",
    "count_dense_maps",
    "count_mlp",
    "count_module",
    "count_network",
    "input_window",
    "kernel_span",
    "padding_pair",
    "pool_output_size",
    "receptive_fields",
    "receptive_fields_of",
    "same_padding",
    "seen_inputs",
    "table",
    "total",
]
