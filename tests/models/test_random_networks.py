"""Random descriptions: the shapes inferred are those that torch puts out, and reading undoes writing."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.models import (
    build_network,
    describe_network,
    network_to_yaml,
    parameter_count,
    read_network,
)
from course_utils.models.kinds import ACTIVATIONS
from course_utils.shapes import count_module, total


@st.composite
def per_axis(draw, axes, low, high):
    """Draw a number, or a list of one an axis."""
    number = st.integers(low, high)
    return draw(number | st.lists(number, min_size=axes, max_size=axes))


def least(option):
    return min(option) if isinstance(option, list) else option


@st.composite
def conv_row(draw, channels, axes):
    groups = draw(st.sampled_from([each for each in range(1, channels + 1) if channels % each == 0]))
    options = {
        "maps": groups * draw(st.integers(1, 3)),
        "kernel": draw(per_axis(axes, 1, 4)),
        "stride": draw(per_axis(axes, 1, 3)),
        "padding": draw(per_axis(axes, 0, 3)),
        "dilation": draw(per_axis(axes, 1, 2)),
        "groups": groups,
        "bias": draw(st.booleans()),
    }
    if draw(st.booleans()):
        options |= {"padding": draw(st.sampled_from(["same", "valid"])), "stride": 1}
    kept = {name for name in options if name in ("maps", "kernel", "groups") or draw(st.booleans())}
    if options["padding"] == "same":
        kept.discard("stride")
    return "conv", {name: value for name, value in options.items() if name in kept}


@st.composite
def pool_row(draw, axes):
    kind = draw(st.sampled_from(["max_pool", "average_pool"]))
    options = {"size": draw(per_axis(axes, 1, 3))}
    if draw(st.booleans()):
        options["stride"] = draw(per_axis(axes, 1, 3))
    if kind == "max_pool" and draw(st.booleans()):
        options["padding"] = draw(st.integers(0, least(options["size"]) // 2))
    return kind, options


@st.composite
def any_row(draw, shape):
    """Draw a layer that reads maps as well as features."""
    kinds = ["activation", "dropout", "batch_norm", "flatten"]
    pieces = [each for each in (2, 3) if shape[0] % each == 0]
    kind = draw(st.sampled_from([*kinds, "maxout"] if pieces else kinds))
    options = {
        "activation": st.fixed_dictionaries({"function": st.sampled_from(sorted(ACTIVATIONS))}),
        "dropout": st.fixed_dictionaries({"rate": st.floats(0, 0.9)}),
        "batch_norm": st.fixed_dictionaries(
            {}, optional={"momentum": st.floats(0.01, 1), "epsilon": st.floats(1e-8, 1)}
        ),
        "flatten": st.just({}),
        "maxout": st.fixed_dictionaries({"pieces": st.sampled_from(pieces or [2])}),
    }
    return kind, draw(options[kind])


@st.composite
def networks(draw):
    """Draw a description; layers whose kernel is larger than their input are left out."""
    shape = tuple(draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)))
    description, rows, first = None, [], shape
    for place in range(draw(st.integers(1, 6))):
        own = (
            dense_row() if len(shape) == 1 else conv_row(shape[0], len(shape) - 1) | pool_row(len(shape) - 1)
        )
        kind, options = draw(own | any_row(shape))
        rows.append((draw(st.sampled_from(["", f"own_{place}"])), kind, options))
        try:
            description = describe_network(first, rows)
        except ValueError as error:
            if "the kernel covers" not in str(error):  # nothing else may be wrong with these
                raise
            rows.pop()
        else:
            shape = description.shapes[-1]
    return description or describe_network(first, [("", "flatten", {})])


@st.composite
def dense_row(draw):
    return "dense", {"units": draw(st.integers(1, 9)), "bias": draw(st.booleans())}


@given(networks())
@settings(max_examples=100, deadline=None)
def test_shapes_that_are_inferred_are_those_of_torch(description):
    model = build_network(description)
    x = torch.rand(2, *description.input_shape)
    for layer, shape, module in zip(description.layers, description.shapes, model, strict=True):
        x = module.eval()(x)
        assert tuple(x.shape) == (2, *shape), layer
    assert [name for name, _ in model.named_children()] == [layer.name for layer in description.layers]
    rows = count_module(model, torch.rand(2, *description.input_shape))
    assert total(rows).parameters == parameter_count(model)


@given(networks())
@settings(max_examples=100, deadline=None)
def test_reading_undoes_writing(description):
    text = network_to_yaml(description)
    assert read_network(text) == description
    assert network_to_yaml(read_network(text)) == text
    assert len(text.splitlines()) == len(description.layers) + 2
